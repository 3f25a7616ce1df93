import type { InnerId, RelayId } from '@sotto/interface'
import { sha256 } from '@noble/hashes/sha2.js'
import {
  decodeFetch,
  decodeHeadRecord,
  decodeReceipt,
  decodeSeal,
  encodeFetch,
  encodeSeal,
  encodeTextBody,
  toHex,
} from '@sotto/wire'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'

import {
  batchOf,
  checkSeal,
  decodeConversation,
  encodeConversation,
  lookups,
  maySeal,
  newConversation,
  nextWake,
  type AfterEffect,
  type ConversationState,
  type Input,
  type KnownEvent,
  type PersistEffect,
  type Source,
  type Step,
} from '../../src/index.ts'
import { accountOf, CONVERSATION, deviceOf, EPOCH, SIGNATURE } from '../ids.ts'
import type { Disk, Item, OutboxRow } from './disk.ts'

export type Stepper = (state: ConversationState, input: Input) => Step

/** What a peer needs of the world around it. */
export interface Surroundings {
  readonly now: () => number
  readonly chance: () => number
  /** Throws when that peer's machine dies here. */
  readonly mayCrash: (name: string) => void
  readonly canSend: (name: string) => boolean
  /** To the other peer over the direct path, if there is one. */
  readonly tell: (name: string, item: Item) => void
  readonly committed: (peer: Peer, step: Step) => void
}

/** A device with a disk: what a client does around `step`, without cryptography. */
export class Peer {
  readonly name: string
  readonly others: readonly string[]
  disk: Disk
  state: ConversationState
  retired = false
  readonly #stepper: Stepper
  protected readonly world: Surroundings

  constructor(name: string, names: readonly string[], world: Surroundings, stepper: Stepper, relays = 3) {
    this.name = name
    this.others = names.filter((other) => other !== name)
    this.world = world
    this.#stepper = stepper
    const self = deviceOf(name)
    this.state = newConversation({
      conversation: CONVERSATION,
      self,
      account: accountOf(name),
      epochId: EPOCH,
      boot: 1,
      receipts: true,
    })
    this.disk = {
      boot: 1,
      state: encodeConversation(this.state),
      rows: new Map(),
      outbox: new Map(),
      seen: new Set(),
      cursors: new Map(),
      keys: 0,
    }
    const members = names.map((member) => ({ device: deviceOf(member), account: accountOf(member) }))
    this.run({ type: 'members', members, epochId: EPOCH })
    this.run({ type: 'relays', count: relays })
  }

  /** The process starts again with what is on the disk. */
  reload(): void {
    const decoded = decodeConversation(this.disk.state)
    if (!decoded.ok) throw new Error(`A stored state was not decoded: ${decoded.reason}`)
    this.state = decoded.value
    this.disk = { ...this.disk, boot: this.disk.boot + 1 }
    this.run({ type: 'start', boot: this.disk.boot })
  }

  compose(text: string): void {
    const salt = sha256(fromString(text))
    this.run({ type: 'compose', kind: 'text', body: encodeTextBody({ text }), salt, now: this.world.now() })
  }

  /** One transaction, then what follows from it. `alongside` is committed with it. */
  run(input: Input, alongside: Partial<Disk> = {}): void {
    const known = lookups(this.state, input).flatMap(({ device, seq }): KnownEvent[] => {
      const row = this.disk.rows.get(`${device}:${seq}`)
      return row === undefined ? [] : [row]
    })
    const stepped = this.#stepper(this.state, 'known' in input ? { ...input, known } : input)
    this.commit(stepped, alongside)
    for (const effect of stepped.after) {
      this.world.mayCrash(this.name)
      this.follow(effect)
    }
  }

  protected commit(stepped: Step, alongside: Partial<Disk>): void {
    this.world.mayCrash(this.name)
    const disk = { ...this.disk, ...alongside, state: encodeConversation(stepped.state) }
    this.disk = stepped.persist.reduce((next, effect) => this.persist(next, effect), disk)
    this.state = stepped.state
    this.world.committed(this, stepped)
    this.world.mayCrash(this.name)
  }

  protected persist(disk: Disk, effect: PersistEffect): Disk {
    switch (effect.type) {
      case 'put-event':
        return { ...disk, rows: new Map(disk.rows).set(`${effect.row.device}:${effect.row.seq}`, effect.row) }
      case 'show-event':
      case 'number-event': {
        const rows = new Map(disk.rows)
        const place = `${effect.device}:${effect.seq}`
        const row = rows.get(place)
        const change = effect.type === 'show-event' ? { shown: 1 } : { lamport: effect.lamport }
        if (row !== undefined) rows.set(place, { ...row, ...change })
        return { ...disk, rows }
      }
      case 'receipt-due':
        return { ...disk, outbox: this.queued(disk, this.item('receipt', effect.body)) }
      case 'release': {
        const rest = [...disk.outbox].filter(([, { item, lastSeq }]) => item.kind !== 'seal' || lastSeq > effect.upTo)
        return { ...disk, outbox: new Map(rest) }
      }
      case 'put-receipt':
      case 'prove-event':
        return disk
    }
  }

  /** Everything that came over some path ends here. */
  receive(item: Item, source: Source): void {
    if (item.from === this.name) return
    if (this.disk.seen.has(item.innerId)) return
    const seen = { seen: new Set(this.disk.seen).add(item.innerId) }
    const [device, now] = [deviceOf(item.from), this.world.now()]
    const via = 'device' in source ? 'direct' : 'mailbox'
    if (item.kind === 'seal') this.open(item, via, seen)
    if (item.kind === 'receipt')
      this.run({ type: 'receipt', device, receipt: value(decodeReceipt(item.body)), via, now }, seen)
    if (item.kind === 'fetch') this.run({ type: 'fetch', device, fetch: value(decodeFetch(item.body)), now }, seen)
    if (item.kind === 'head') {
      this.run({ type: 'peer-head', device, record: value(decodeHeadRecord(item.body)), signed: item.body, now }, seen)
    }
  }

  /** Our own head record, as a relay or the other peer has it. */
  hearOfHead(body: Uint8Array | undefined, source: Source): void {
    const record = body === undefined ? undefined : value(decodeHeadRecord(body))
    this.run({ type: 'head-record', source, record, known: [], now: this.world.now() })
  }

  tick(): void {
    const wake = nextWake(this.state)
    if (wake !== undefined && wake <= this.world.now()) this.run({ type: 'tick', now: this.world.now() })
  }

  sealWhatWaits(): void {
    if (maySeal(this.state)) this.run({ type: 'seal-due' })
  }

  /** A relay answered that it stored a row, or the other peer that it holds it. */
  stored(row: OutboxRow, source: Source): void {
    const { item } = row
    const isDone = item.kind !== 'seal' && ('device' in source || row.deposits.size >= 1)
    const outbox = new Map(this.disk.outbox)
    if (isDone) outbox.delete(item.innerId)
    else if ('relay' in source) outbox.set(item.innerId, { ...row, deposits: new Set(row.deposits).add(source.relay) })
    const input = this.factOf(item, source)
    if (input === undefined) this.disk = { ...this.disk, outbox }
    else this.run(input, { outbox })
  }

  moveCursor(relay: RelayId, to: number): void {
    this.disk = { ...this.disk, cursors: new Map(this.disk.cursors).set(relay, to) }
  }

  private factOf({ kind, innerId, mark }: Item, source: Source): Input | undefined {
    if (kind === 'head') return { type: 'head-stored', ...mark, source, now: this.world.now() }
    if (kind !== 'seal') return undefined
    return 'relay' in source ? { type: 'deposited', innerId, ...source } : { type: 'held', innerId, ...source }
  }

  private open(item: Item, via: 'direct' | 'mailbox', alongside: Partial<Disk>): void {
    const sender = deviceOf(item.from)
    const seal = value(checkSeal({ conversation: CONVERSATION, epochId: EPOCH, sender }, value(decodeSeal(item.body))))
    const now = this.world.now()
    this.run({ type: 'opened', sender, seal, via, known: [], now, jitter: this.world.chance() }, alongside)
  }

  protected follow(effect: AfterEffect): void {
    if (effect.type === 'seal-wanted' && this.world.canSend(this.name)) this.sealWhatWaits()
    if (effect.type === 'seal') this.seal(effect.firstSeq, effect.lastSeq, false)
    if (effect.type === 'serve') this.seal(effect.firstSeq, effect.lastSeq, true)
    if (effect.type === 'retire') this.retired = true
    if (effect.type === 'fetch') this.enqueue(this.item('fetch', encodeFetch(effect.fetch)))
    if (effect.type === 'head-due') this.enqueue(this.item('head', effect.body, 0, effect))
    if (effect.type === 'echo-head') this.world.tell(this.name, { ...this.item('head', effect.signed), from: 'echo' })
  }

  private seal(firstSeq: number, lastSeq: number, again: boolean): void {
    const waiting = Array.from({ length: lastSeq - firstSeq + 1 }, (_, at) => this.ownRow(firstSeq + at))
    const rows = batchOf(waiting)
    const last = rows.at(-1)
    if (last === undefined) return
    const keys = this.disk.keys + 1
    const item = this.item('seal', encodeSeal({ events: [...rows], signature: SIGNATURE }), keys)
    const outbox = this.queued(this.disk, item, last.seq)
    const { innerId } = item
    const now = this.world.now()
    this.run(
      { type: 'sealed', innerId, firstSeq, lastSeq: last.seq, lastEventId: last.eventId, again, now },
      { outbox, keys },
    )
  }

  private ownRow(seq: number): Disk['rows'] extends ReadonlyMap<string, infer Row> ? Row : never {
    const row = this.disk.rows.get(`${deviceOf(this.name)}:${seq}`)
    if (row === undefined) throw new Error('An own event is not on the disk.')
    return row
  }

  private enqueue(item: Item): void {
    this.disk = { ...this.disk, outbox: this.queued(this.disk, item) }
  }

  /** Receipts and head records take the place of older ones. */
  private queued(disk: Disk, item: Item, lastSeq = 0): Map<InnerId, OutboxRow> {
    const isLatestOnly = item.kind === 'receipt' || item.kind === 'head'
    const kept = [...disk.outbox].filter(([, row]) => !(isLatestOnly && row.item.kind === item.kind))
    return new Map(kept).set(item.innerId, { item, lastSeq, deposits: new Set() })
  }

  private item(kind: Item['kind'], body: Uint8Array, key = 0, { boot, seals } = { boot: 0, seals: 0 }): Item {
    const innerId = toHex<InnerId>(sha256(concat([fromString(`${this.name} ${kind} ${key}`), body])))
    return { innerId, from: this.name, kind, body, key, mark: { boot, seals } }
  }
}

function value<T>(result: { ok: true; value: T } | { ok: false; reason: string }): T {
  if (!result.ok) throw new Error(`What an honest peer made was refused: ${result.reason}`)
  return result.value
}
