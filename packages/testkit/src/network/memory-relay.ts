import {
  ok,
  refuse,
  type MailboxEntry,
  type MailboxId,
  type MailboxParams,
  type RelayRefusal,
  type RelayResult,
  type Result,
} from '@sotto/interface'
import { mailboxId, parametersOf, toHex } from '@sotto/wire'

interface StoredMailbox {
  readonly params: MailboxParams
  readonly entries: { readonly seq: number; readonly tag: string; readonly body: Uint8Array; readonly knock: string }[]
  last: number
}

/** A listener of one mailbox. */
export interface MemorySubscriber {
  onMail(mailbox: MailboxId): void
  onSignal(mailbox: MailboxId, record: Uint8Array): void
}

/** What a relay keeps and promises, in memory: the double of `packages/relay`. Keys are told apart, signatures are not checked. */
export class MemoryRelayStore {
  readonly mailboxes: Map<MailboxId, StoredMailbox> = new Map()
  readonly blobs: Map<string, { bytes: Uint8Array; owner: string; expiresAt: number }> = new Map()
  readonly #subscribers = new Map<MailboxId, Set<MemorySubscriber>>()

  create(params: MailboxParams): MailboxId {
    const id = mailboxId(parametersOf(params))
    if (!this.mailboxes.has(id)) this.mailboxes.set(id, { params, entries: [], last: 0 })
    return id
  }

  put(
    id: MailboxId,
    key: Uint8Array,
    entry: { tag: Uint8Array; body: Uint8Array; knock?: Uint8Array },
    from: MemorySubscriber,
  ): RelayResult<{ seq: number }> {
    const mailbox = this.mailboxes.get(id)
    if (!mailbox?.params.writeKeys.some((known) => toHex(known) === toHex(key))) return refuse('unknown')
    if (entry.body.length !== 2048 && entry.body.length !== 16_384) return refuse('bad-request')
    const tag = toHex(entry.tag)
    const before = mailbox.entries.find((known) => known.tag === tag)
    if (before !== undefined) return ok({ seq: before.seq })
    const knock = toHex(entry.knock ?? new Uint8Array())
    const knocks = new Set([...mailbox.entries.map((known) => known.knock), knock])
    if (mailbox.params.capacity > 0 && knocks.size > mailbox.params.capacity) return refuse('full')
    mailbox.last += 1
    mailbox.entries.push({ seq: mailbox.last, tag, body: entry.body.slice(), knock })
    for (const subscriber of this.#subscribers.get(id) ?? []) if (subscriber !== from) subscriber.onMail(id)
    return ok({ seq: mailbox.last })
  }

  list(id: MailboxId, key: Uint8Array, after: number): RelayResult<{ entries: MailboxEntry[]; last: number }> {
    const mailbox = this.#readable(id, key)
    if (!mailbox.ok) return mailbox
    const { entries, last } = mailbox.value
    const page = entries.filter(({ seq }) => seq > after).slice(0, 256)
    return ok({ entries: page.map(({ seq, tag, body }) => ({ seq, tag: fromHexTag(tag), bytes: body.length })), last })
  }

  get(id: MailboxId, key: Uint8Array, seqs: readonly number[]): RelayResult<{ seq: number; body: Uint8Array }[]> {
    const mailbox = this.#readable(id, key)
    if (!mailbox.ok) return mailbox
    return ok(
      mailbox.value.entries
        .filter(({ seq }) => seqs.includes(seq))
        .map(({ seq, body }) => ({ seq, body: body.slice() })),
    )
  }

  subscribe(id: MailboxId, key: Uint8Array, subscriber: MemorySubscriber): RelayResult<void> {
    const mailbox = this.#readable(id, key)
    if (!mailbox.ok) return mailbox
    this.#subscribers.set(id, (this.#subscribers.get(id) ?? new Set()).add(subscriber))
    return ok(undefined)
  }

  unsubscribe(id: MailboxId, subscriber: MemorySubscriber): void {
    this.#subscribers.get(id)?.delete(subscriber)
  }

  signal(id: MailboxId, record: Uint8Array, from: MemorySubscriber): RelayResult<void> {
    for (const subscriber of this.#subscribers.get(id) ?? [])
      if (subscriber !== from) subscriber.onSignal(id, record.slice())
    return ok(undefined)
  }

  putBlob(id: Uint8Array, owner: Uint8Array, blob: { bytes: Uint8Array; expiresAt: number }): RelayResult<void> {
    const known = this.blobs.get(toHex(id))
    if (known !== undefined && known.owner !== toHex(owner)) return refuse('unknown')
    this.blobs.set(toHex(id), { bytes: blob.bytes.slice(), owner: toHex(owner), expiresAt: blob.expiresAt })
    return ok(undefined)
  }

  getBlob(id: Uint8Array, nowSeconds: number): RelayResult<Uint8Array> {
    const blob = this.blobs.get(toHex(id))
    return blob === undefined || blob.expiresAt <= nowSeconds ? refuse('unknown') : ok(blob.bytes.slice())
  }

  deleteBlob(id: Uint8Array, owner: Uint8Array): RelayResult<void> {
    if (this.blobs.get(toHex(id))?.owner !== toHex(owner)) return refuse('unknown')
    this.blobs.delete(toHex(id))
    return ok(undefined)
  }

  #readable(id: MailboxId, key: Uint8Array): Result<StoredMailbox, RelayRefusal> {
    const mailbox = this.mailboxes.get(id)
    return mailbox === undefined || toHex(mailbox.params.readKey) !== toHex(key) ? refuse('unknown') : ok(mailbox)
  }
}

function fromHexTag(tag: string): Uint8Array {
  return Uint8Array.from(tag.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
