import type { MailboxId, MailboxParams } from '@sotto/interface'
import { fromHex, paramsOf } from '@sotto/wire'

import type { Db, Statement } from './database.ts'
import { KNOCK_KNOWN_HOURS, MAILBOX_HOURS, MAILBOX_OVERHEAD_BYTES } from './limits.ts'
import type { TotalsTable } from './totals.ts'

/** A mailbox as entries refer to it. */
export interface Mailbox {
  readonly number: number
  readonly params: MailboxParams
}

/** The part of a mailbox that changes with each entry. */
export interface Fill {
  readonly next_seq: number
  readonly entries: number
  readonly bytes: number
}

const CACHED = 1_024
/** Seqs given out in an hour at most, so that a mailbox made anew in a later hour counts on from beyond its former life. */
const SEQS_PER_HOUR = 4_096

export class MailboxTable {
  readonly #totals: TotalsTable
  readonly #cache = new Map<MailboxId, Mailbox>()
  readonly #select: Statement<{ number: number; parameters: Uint8Array }>
  readonly #insert: Statement
  readonly #fill: Statement<Fill>
  readonly #grow: Statement

  constructor(db: Db, totals: TotalsTable) {
    this.#totals = totals
    this.#select = db.prepare('SELECT number, parameters FROM mailboxes WHERE id = ?')
    this.#insert = db.prepare(
      'INSERT INTO mailboxes (id, parameters, next_seq, entries, bytes, expires) VALUES (?, ?, ?, 0, 0, ?)',
    )
    this.#fill = db.prepare('SELECT next_seq, entries, bytes FROM mailboxes WHERE number = ?')
    this.#grow = db.prepare(
      `UPDATE mailboxes SET next_seq = next_seq + 1, entries = entries + 1, bytes = bytes + ?, expires = max(expires, ?)
       WHERE number = ?`,
    )
  }

  find(id: MailboxId): Mailbox | undefined {
    const cached = this.#cache.get(id)
    if (cached !== undefined) return cached
    const row = this.#select.get(fromHex(id))
    const params = row === undefined ? undefined : paramsOf(new Uint8Array(row.parameters))
    if (row === undefined || params?.ok !== true) return undefined
    const mailbox = { number: row.number, params: params.value }
    if (this.#cache.size >= CACHED) this.#cache.delete(this.#cache.keys().next().value ?? id)
    this.#cache.set(id, mailbox)
    return mailbox
  }

  /** Runs in a transaction. */
  insert(id: MailboxId, params: MailboxParams, encoded: Uint8Array, hour: number): void {
    this.#insert.run(fromHex(id), encoded, hour * SEQS_PER_HOUR + 1, expiryOf(params, hour))
    this.#totals.add({ mailboxes: 1, bytes: encoded.length + MAILBOX_OVERHEAD_BYTES })
  }

  fill(mailbox: Mailbox): Fill {
    return this.#fill.get(mailbox.number) ?? { next_seq: 1, entries: 0, bytes: 0 }
  }

  /** Runs in a transaction: one entry more. */
  grow({ number, params }: Mailbox, bytes: number, hour: number): void {
    this.#grow.run(bytes, expiryOf(params, hour), number)
  }

  /** After mailboxes were deleted, or a transaction that made one was rolled back. */
  forgetCached(): void {
    this.#cache.clear()
  }
}

function expiryOf({ lane, expiresAt }: MailboxParams, hour: number): number {
  return lane === 'knock' ? Math.ceil(expiresAt / 3_600) + KNOCK_KNOWN_HOURS : hour + MAILBOX_HOURS
}
