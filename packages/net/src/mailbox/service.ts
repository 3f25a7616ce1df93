import type { MailboxEntry, MailboxId, MailboxParams, Result } from '@sotto/interface'
import type { WireRefusal } from '@sotto/wire'

export type ServiceResult<T> = Result<T, WireRefusal>

/** An entry on its way into a mailbox. `writer` is the write key that signed it, `knock` is empty outside knock mailboxes. */
export interface NewEntry {
  readonly writer: Uint8Array
  readonly tag: Uint8Array
  readonly body: Uint8Array
  readonly knock: Uint8Array
}

/** A sealed blob on its way in; `owner` may delete it. `expiresAt`: seconds since 1970. */
export interface NewBlob {
  readonly id: Uint8Array
  readonly owner: Uint8Array
  readonly bytes: Uint8Array
  readonly expiresAt: number
}

/**
 * What the server side of `/sotto/mailbox/1` asks of whoever stores. Signatures, keys and proof of work are checked
 * before it is called; quotas, ages and durability are its own. Everything it answers is a value; it throws only when
 * the machine fails it, and the client is then told `busy`.
 */
export interface MailboxService {
  /** What the mailbox was made with; `undefined` when there is none. */
  find(mailbox: MailboxId): MailboxParams | undefined
  /** Idempotent. `source` is whom what is added is charged to. `encoded` are the parameters' bytes, which the id is the hash of. */
  create(
    mailbox: MailboxId,
    params: MailboxParams,
    encoded: Uint8Array,
    source: string,
  ): Promise<ServiceResult<undefined>>
  /** Resolves when the entry is on the disk. A tag that its writer has put before is answered with its first seq and `fresh: false`. */
  put(mailbox: MailboxId, entry: NewEntry, source: string): Promise<ServiceResult<{ seq: number; fresh: boolean }>>
  /** Entries after `after`, oldest first, at most `limit`; `last` is the newest seq that the mailbox ever gave out. */
  list(mailbox: MailboxId, after: number, limit: number): { entries: readonly MailboxEntry[]; last: number }
  get(mailbox: MailboxId, seqs: readonly number[]): readonly { seq: number; body: Uint8Array }[]
  /** Idempotent for the same owner; another owner is refused with `unknown`. */
  putBlob(blob: NewBlob, source: string): Promise<ServiceResult<undefined>>
  getBlob(id: Uint8Array): Uint8Array | undefined
  /** `unknown` when there is none or it is another's. */
  deleteBlob(id: Uint8Array, owner: Uint8Array): Promise<ServiceResult<undefined>>
}
