import { EMPTY_REASSEMBLY, openEnvelope, takeFragment, type Reassembly } from '@sotto/group'
import type { Change, InnerId, MailboxEntry, MailboxId, MailboxKey, Relay, Store } from '@sotto/interface'
import { toHex } from '@sotto/wire'
import type { GenerationContext } from './mailboxes.ts'
import { SingleFlight } from './single-flight.ts'

/** Bytes of bodies that are asked for at once. */
const MAX_GET_BYTES = 512 * 1024
const MAX_GET_ENTRIES = 32

/** What a mailbox needs to be read: where it lies, its keys, and who takes what is in it. */
export interface BoxInit {
  readonly id: MailboxId
  readonly relay: Relay
  readonly readKey: MailboxKey
  readonly generation: Pick<GenerationContext, 'keys'>
  /** Takes a complete inner item; false means that it must stay at the relay for now. */
  take(innerId: InnerId, inner: Uint8Array): Promise<boolean>
  /** What is to be kept with the cursor after that many entries were read. */
  readonly counted?: (entries: number) => Change
}

/** One mailbox at one relay, read by cursor: each entry is fetched once, and the cursor moves only past what was taken. */
export class Box {
  readonly init: BoxInit
  readonly #store: Store
  readonly #flight: SingleFlight
  /** Tags of entries that we put there ourselves. */
  readonly #ownTags = new Set<string>()
  #cursor: number | undefined
  #reassembly: Reassembly = EMPTY_REASSEMBLY
  /** First entry of each incomplete item: a crash must find it again. */
  readonly #incomplete = new Map<InnerId, number>()
  /** Entries of the last request that were listed and not given. */
  #missing: ReadonlySet<number> = new Set()
  received = 0
  /** True once the mailbox was read to its end since the relay was last reached. */
  isCurrent = false

  constructor(store: Store, init: BoxInit) {
    this.#store = store
    this.init = init
    this.#flight = new SingleFlight(() => this.#read())
  }

  /** That entry is ours: no need to fetch it. */
  own(tag: Uint8Array): void {
    this.#ownTags.add(toHex(tag))
  }

  get isReading(): boolean {
    return this.#flight.isRunning
  }

  /** Reads to the end. What the relay refuses or answers wrongly ends the reading; the next call goes on where it stopped. */
  read(): Promise<void> {
    return this.#flight.run()
  }

  async #read(): Promise<void> {
    let isRead = false
    try {
      isRead = await this.#readToEnd()
    } finally {
      this.isCurrent = isRead
      if (!isRead) this.#startOver()
    }
  }

  /** True when everything that the relay lists was taken. */
  async #readToEnd(): Promise<boolean> {
    const { id, relay, readKey } = this.init
    for (let isFirst = true; ; isFirst = false) {
      this.#cursor ??= (await this.#store.get('cursors', [relay.id, id]))?.seq ?? 0
      const listed = await relay.list(id, readKey, this.#cursor)
      if (!listed.ok) return false
      const { entries, last } = listed.value
      if (isFirst && last < this.#cursor) {
        // The relay lost what it had and counts anew: beyond the old cursor nothing new would be found for long.
        this.#startOver()
        this.#cursor = 0
        continue
      }
      if (entries.length === 0) return true
      if (!areInOrder(entries, this.#cursor)) return false
      for (const chunk of chunksOf(entries)) if (!(await this.#take(chunk))) return false
      await this.#keepCursor(entries.length)
    }
  }

  /** Fragments that were taken out of their place are to be fetched again, from where the store says. */
  #startOver(): void {
    this.#cursor = undefined
    this.#reassembly = EMPTY_REASSEMBLY
    this.#incomplete.clear()
  }

  async #take(chunk: readonly MailboxEntry[]): Promise<boolean> {
    const wanted = chunk.filter((entry) => !this.#ownTags.has(toHex(entry.tag)))
    const bodies = wanted.length === 0 ? new Map<number, Uint8Array>() : await this.#get(wanted)
    if (bodies === undefined) return false
    for (const { seq } of wanted) {
      const body = bodies.get(seq)
      if (body !== undefined && !(await this.#open(seq, body))) return false
    }
    this.#cursor = chunk.at(-1)?.seq ?? this.#cursor
    return true
  }

  /** Their bodies; undefined when the relay does not give them all. What it lists twice and gives never is passed over. */
  async #get(wanted: readonly MailboxEntry[]): Promise<Map<number, Uint8Array> | undefined> {
    const { id, relay, readKey } = this.init
    const seqs = wanted.map((entry) => entry.seq)
    const got = await relay.get(id, readKey, seqs)
    if (!got.ok) return undefined
    const bodies = new Map(got.value.map(({ seq, body }) => [seq, body]))
    const missing = seqs.filter((seq) => !bodies.has(seq))
    const isMissed = missing.every((seq) => this.#missing.has(seq))
    this.#missing = new Set(missing)
    return isMissed ? bodies : undefined
  }

  /** False when the item must stay at the relay. What cannot be opened is passed over: it is not ours to judge why it is there. */
  async #open(seq: number, envelope: Uint8Array): Promise<boolean> {
    const { relay, generation, take } = this.init
    const opened = openEnvelope({ keys: generation.keys, path: `relay:${relay.id}`, envelope })
    if (!opened.ok) return true
    const { next, result } = takeFragment(this.#reassembly, opened.value)
    this.#reassembly = next
    if (!result.ok) return true
    const { innerId } = opened.value
    if (result.value.type === 'waiting') {
      if (!this.#incomplete.has(innerId)) this.#incomplete.set(innerId, seq)
      return true
    }
    if (!(await take(result.value.innerId, result.value.inner))) return false
    this.#incomplete.delete(innerId)
    this.received += 1
    return true
  }

  async #keepCursor(entries: number): Promise<void> {
    const { id, relay } = this.init
    const waiting = this.#reassembly.items.map((item) => this.#incomplete.get(item.innerId) ?? Infinity)
    const seq = Math.min(this.#cursor ?? 0, ...waiting.map((first) => first - 1))
    const counted = this.init.counted?.(entries)
    const cursor: Change = { put: 'cursors', row: { relay: relay.id, mailbox: id, seq } }
    await this.#store.commit(counted === undefined ? [cursor] : [cursor, counted])
  }
}

/** Each after the one before, as a log's are: else reading it would never end. */
function areInOrder(entries: readonly MailboxEntry[], after: number): boolean {
  return entries.every(({ seq }, index) => seq > (entries[index - 1]?.seq ?? after))
}

function* chunksOf(entries: readonly MailboxEntry[]): Generator<MailboxEntry[]> {
  let chunk: MailboxEntry[] = []
  let bytes = 0
  for (const entry of entries) {
    if (chunk.length > 0 && (chunk.length === MAX_GET_ENTRIES || bytes + entry.bytes > MAX_GET_BYTES)) {
      yield chunk
      chunk = []
      bytes = 0
    }
    chunk.push(entry)
    bytes += entry.bytes
  }
  if (chunk.length > 0) yield chunk
}
