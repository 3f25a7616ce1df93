import {
  ok,
  refuse,
  SottoError,
  type MailboxEntry,
  type MailboxId,
  type MailboxParams,
  type RelayRefusal,
  type RelayResult,
  type Result,
} from '@sotto/interface'
import { mailboxId, parametersOf, toHex } from '@sotto/wire'

/** For so long a signal waits for who comes, in ms; the newest of a mailbox. */
const KEEP_MS = 60_000
const KEEP_PER_MAILBOX = 4

interface MemoryEntry {
  readonly seq: number
  readonly tag: string
  /** The write key. */
  readonly writer: string
  readonly body: Uint8Array
  readonly knock: string
}

interface StoredMailbox {
  readonly params: MailboxParams
  readonly entries: MemoryEntry[]
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
  readonly #signals = new Map<
    MailboxId,
    { readonly record: Uint8Array; readonly from: MemorySubscriber; at: number }[]
  >()

  /** Takes over what another one keeps; neither sees what becomes of it at the other. */
  takeOver({ mailboxes, blobs }: Pick<MemoryRelayStore, 'mailboxes' | 'blobs'>): void {
    for (const [id, mailbox] of mailboxes) this.mailboxes.set(id, structuredClone(mailbox))
    for (const [id, blob] of blobs) this.blobs.set(id, blob)
  }

  create(params: MailboxParams): MailboxId {
    const id = mailboxId(parametersOf(params))
    if (!this.mailboxes.has(id)) this.mailboxes.set(id, { params, entries: [], last: 0 })
    return id
  }

  put(
    id: MailboxId,
    key: Uint8Array,
    entry: { tag: Uint8Array; body: Uint8Array; knock?: Uint8Array; now: number },
    from: MemorySubscriber,
  ): RelayResult<{ seq: number }> {
    if (entry.body.length !== 2048 && entry.body.length !== 16_384) throw notEncodable()
    const mailbox = this.#writable(id, key)
    if (mailbox === undefined) return refuse('unknown')
    const { lane, expiresAt } = mailbox.params
    if (lane === 'knock' && expiresAt <= entry.now) return refuse('expired')
    const [tag, writer] = [toHex(entry.tag), toHex(key)]
    const before = mailbox.entries.find((known) => known.tag === tag && known.writer === writer)
    if (before !== undefined) return ok({ seq: before.seq })
    const knock = toHex(entry.knock ?? new Uint8Array())
    const knocks = new Set([...mailbox.entries.map((known) => known.knock), knock])
    if (mailbox.params.capacity > 0 && knocks.size > mailbox.params.capacity) return refuse('full')
    mailbox.last += 1
    mailbox.entries.push({ seq: mailbox.last, tag, writer, body: entry.body.slice(), knock })
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

  /** All of them or none. `now`: monotonic, ms. */
  subscribe(
    asked: readonly { mailbox: MailboxId; key: Uint8Array }[],
    subscriber: MemorySubscriber,
    now: number,
  ): RelayResult<void> {
    for (const { mailbox, key } of asked) {
      const found = this.#readable(mailbox, key)
      if (!found.ok) return found
    }
    for (const { mailbox } of asked) {
      const watching = this.#subscribers.get(mailbox) ?? new Set()
      const isNew = !watching.has(subscriber)
      this.#subscribers.set(mailbox, watching.add(subscriber))
      for (const { record, from, at } of this.#signals.get(mailbox) ?? [])
        if (isNew && from !== subscriber && now - at < KEEP_MS) subscriber.onSignal(mailbox, record.slice())
    }
    return ok(undefined)
  }

  unsubscribe(id: MailboxId, subscriber: MemorySubscriber): void {
    this.#subscribers.get(id)?.delete(subscriber)
  }

  /** `now`: monotonic, ms. */
  signal(
    id: MailboxId,
    key: Uint8Array,
    { record, now }: { record: Uint8Array; now: number },
    from: MemorySubscriber,
  ): RelayResult<void> {
    if (record.length !== 2048) throw notEncodable()
    if (this.#writable(id, key) === undefined) return refuse('unknown')
    const kept = this.#signals.get(id) ?? []
    this.#signals.set(id, [...kept, { record: record.slice(), from, at: now }].slice(-KEEP_PER_MAILBOX))
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

  #writable(id: MailboxId, key: Uint8Array): StoredMailbox | undefined {
    const mailbox = this.mailboxes.get(id)
    return mailbox?.params.writeKeys.some((known) => toHex(known) === toHex(key)) === true ? mailbox : undefined
  }

  #readable(id: MailboxId, key: Uint8Array): Result<StoredMailbox, RelayRefusal> {
    const mailbox = this.mailboxes.get(id)
    return mailbox === undefined || toHex(mailbox.params.readKey) !== toHex(key) ? refuse('unknown') : ok(mailbox)
  }
}

/** A mistake of ours, which does not get as far as a relay. */
function notEncodable(): SottoError {
  return new SottoError('not-encodable', 'An operation that breaks the rules of the wire was not encoded.')
}

function fromHexTag(tag: string): Uint8Array {
  return Uint8Array.from(tag.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
