import type { ConversationMailbox } from './mailboxes.ts'
import type { GenerationId, Relay, RelayRefusal } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import { headIn } from '../conversation/head-in.ts'
import { maySeal } from '@sotto/core'
import { depositsOf, isOwed, laneOf, withDeposit, type OutboxRow } from '../conversation/outbox-row.ts'
import { receive } from '../conversation/receive.ts'
import { Box } from './box.ts'
import { deposit } from './deposit.ts'
import { LaneUse } from './lane-use.ts'
import { conversationMailboxes } from './mailboxes.ts'
import { SingleFlight } from './single-flight.ts'

const RETRY_MS = 15_000
/** A mailbox that the relay has lost is soon made again. */
const REMAKE_MS = 2_000
/** How long a direct path may take to confirm before an item is also deposited. */
const DIRECT_GRACE_MS = 1_000

/** Both lanes of a generation at this relay. */
interface Lanes {
  readonly content: ConversationMailbox
  readonly control: ConversationMailbox
  readonly boxes: readonly [control: Box, content: Box]
  readonly use: LaneUse
}

/** What a post asks of the direct paths. */
export interface DirectView {
  /** Every live device of the others is on a direct path. */
  covers(conversation: Conversation): boolean
  /** Every live device of the others holds that item. */
  isHeld(conversation: Conversation, row: OutboxRow): boolean
}

/** One conversation at one relay: reads both lanes, deposits what waits. */
export class Post {
  readonly conversation: Conversation
  readonly relay: Relay
  readonly #direct: DirectView
  readonly #background: (work: () => Promise<unknown>) => void
  /** Everything there has been read. */
  readonly #onCurrent: () => void
  readonly #lanes = new Map<GenerationId, Lanes>()
  readonly #open: SingleFlight
  readonly #pump: SingleFlight
  /** Commits and control things that this relay was given since it was reached: it may have lost what it stored before. */
  readonly #given = new Set<string>()
  #cancelRetry: (() => void) | undefined
  #isRefused = false
  /** Why the relay does not take our items, if it does not. */
  problem: RelayRefusal | undefined
  isStopped = false

  constructor(
    conversation: Conversation,
    relay: Relay,
    parts: { direct: DirectView; background: (work: () => Promise<unknown>) => void; onCurrent: () => void },
  ) {
    this.conversation = conversation
    this.relay = relay
    this.#direct = parts.direct
    this.#background = parts.background
    this.#onCurrent = parts.onCurrent
    this.#open = new SingleFlight(() => this.#openAndRead())
    this.#pump = new SingleFlight(() => this.#depositAll())
  }

  get isBusy(): boolean {
    return this.#open.isRunning || this.#pump.isRunning || this.boxes().some((box) => box.isReading)
  }

  /** The relay answers, has refused something, and is to be asked again in a while. */
  get isWaiting(): boolean {
    return this.#isRefused && this.relay.reachable
  }

  /** Both lanes of every kept generation were read to their end since the relay was reached. */
  get isCurrent(): boolean {
    return this.conversation.generations.every(({ id }) => this.#lanes.get(id)?.boxes.every((box) => box.isCurrent))
  }

  boxes(): Box[] {
    return [...this.#lanes.values()].flatMap((lanes) => [...lanes.boxes])
  }

  /** The content mailbox of the newest generation: where signals go. */
  get content(): ConversationMailbox | undefined {
    return this.#lanes.get(this.conversation.generation.id)?.content
  }

  /** The generation's content mailbox with that id, if it is ours. */
  mailbox(id: string): ConversationMailbox | undefined {
    for (const { content, control } of this.#lanes.values()) {
      if (content.id === id) return content
      if (control.id === id) return control
    }
    return undefined
  }

  /** The relay answers: make the mailboxes, subscribe, read, then deposit. Also after a new generation. */
  async open(): Promise<void> {
    await this.#open.run()
    if (this.isCurrent) this.#onCurrent()
    await this.deposit()
  }

  async deposit(): Promise<void> {
    if (this.relay.reachable && !this.isStopped) await this.#pump.run()
  }

  /** The relay is gone: when it is back, everything is looked at again. */
  lost(): void {
    for (const box of this.boxes()) box.isCurrent = false
    this.#given.clear()
  }

  stop(): void {
    this.isStopped = true
    this.#cancelRetry?.()
  }

  async #openAndRead(): Promise<void> {
    const { conversation, relay } = this
    if (this.isStopped) return
    this.#isRefused = false
    conversation.headCheck.begin(relay.id)
    // Mailboxes of keys that were forgotten meanwhile: the relay may know them no more, and would refuse all others with them.
    for (const id of this.#lanes.keys())
      if (!conversation.generations.some((kept) => kept.id === id)) this.#lanes.delete(id)
    for (const generation of conversation.generations) {
      if ((await this.#ensure(generation.id)) === undefined) return this.#retryLater(this.problem ?? 'unknown')
    }
    const all = [...this.#lanes.values()].flatMap(({ control, content }) => [control, content])
    const subscribed = await relay.subscribe(all.map(({ id, readKey }) => ({ mailbox: id, readKey })))
    if (!subscribed.ok) return this.#retryLater(subscribed.reason)
    for (const { boxes } of this.#lanes.values()) await boxes[0].read()
    if (this.#controlIsCurrent() && conversation.headCheck.isReading(relay.id)) await this.#checkHead()
    for (const { boxes } of this.#lanes.values()) await boxes[1].read()
    if (!this.boxes().every((box) => box.isCurrent)) this.#retryLater('busy')
  }

  #controlIsCurrent(): boolean {
    return [...this.#lanes.values()].every(({ boxes }) => boxes[0].isCurrent)
  }

  async #checkHead(): Promise<void> {
    const { conversation, relay } = this
    await conversation.lane.run(async () => {
      const record = conversation.headCheck.finish(relay.id)
      const now = conversation.context.clock.now()
      await conversation.step({ type: 'head-record', source: { relay: relay.id }, record, known: [], now })
    })
  }

  async #ensure(id: GenerationId): Promise<Lanes | undefined> {
    const known = this.#lanes.get(id)
    if (known !== undefined && known.boxes.every((box) => box.isCurrent)) return known
    const generation = this.conversation.generations.find((kept) => kept.id === id)
    if (generation === undefined) return undefined
    const { crypto, profile } = this.conversation.context
    const mailboxes = known ?? (await conversationMailboxes(crypto, profile().device, generation, this.relay.id))
    for (const lane of [mailboxes.control, mailboxes.content]) {
      const created = await this.relay.create(lane.params, lane.readKey)
      if (!created.ok) {
        this.problem = created.reason
        return undefined
      }
    }
    const lanes = known ?? (await this.#lanesOf(mailboxes))
    this.#lanes.set(id, lanes)
    return lanes
  }

  async #lanesOf(mailboxes: { content: ConversationMailbox; control: ConversationMailbox }): Promise<Lanes> {
    const use = await LaneUse.load(this.conversation.context.store, mailboxes.content.generation.id)
    const boxes = [this.#box(mailboxes.control, use), this.#box(mailboxes.content, use)] as const
    return { ...mailboxes, boxes, use }
  }

  /** The newest generation's mailboxes here have little room left: a new generation is wanted. */
  get isNearlyFull(): boolean {
    return this.problem === 'full' || this.#lanes.get(this.conversation.generation.id)?.use.isNearlyFull === true
  }

  #box({ id, lane, readKey, generation }: ConversationMailbox, use: LaneUse): Box {
    const { conversation, relay } = this
    return new Box(conversation.context.store, {
      id,
      relay,
      readKey,
      generation,
      counted: (entries) => use.add(lane === 'content' ? 'content' : 'control', entries),
      take: async (innerId, inner) => {
        const origin = { via: 'mailbox', relay: relay.id } as const
        return (await conversation.lane.run(() => receive(conversation, innerId, inner, origin))) !== 'full'
      },
    })
  }

  async #depositAll(): Promise<void> {
    const { conversation, relay } = this
    this.#cancelRetry?.()
    this.#isRefused = false
    for (const row of await waitingRows(conversation)) {
      if (this.isStopped || this.#isStored(row) || this.#direct.isHeld(conversation, row)) continue
      if (this.#isInGrace(row)) continue
      if (!conversation.generations.some(({ id }) => id === row.generation)) continue
      const lanes = await this.#ensure(row.generation as GenerationId)
      const lane = lanes?.[laneOf(row.kind)]
      if (lanes === undefined || lane === undefined) return this.#retryLater(this.problem ?? 'unknown')
      const box = lanes.boxes[lane === lanes.control ? 0 : 1]
      const target = { relay, mailbox: lane.id, writeKey: lane.writeKey, keys: lane.generation.keys }
      const done = await deposit(target, row.inner, (tag) => box.own(tag))
      if (!done.ok) return this.#retryLater(done.reason)
      this.problem = undefined
      if (isControl(row)) this.#given.add(row.innerId)
      await conversation.lane.run(() => this.#stored(row, lanes.use))
    }
  }

  #isStored(row: OutboxRow): boolean {
    return depositsOf(row).includes(this.relay.id) && (!isControl(row) || this.#given.has(row.innerId))
  }

  /** Young items wait a moment for the direct path; the pump comes back for them. */
  #isInGrace(row: OutboxRow): boolean {
    const { conversation } = this
    const age = conversation.context.clock.now() - row.createdAt
    if (row.kind === 'head' || !this.#direct.covers(conversation) || age >= DIRECT_GRACE_MS || age < 0) return false
    this.#comeBack(DIRECT_GRACE_MS - age + 50, () => this.deposit())
    return true
  }

  #retryLater(reason: RelayRefusal): void {
    this.problem = reason
    this.#isRefused = true
    // It knows a mailbox no more that it had made: the next attempt makes it again.
    if (reason === 'unknown') this.lost()
    this.conversation.context.changed()
    if (this.relay.reachable) this.#comeBack(reason === 'unknown' ? REMAKE_MS : RETRY_MS, () => this.open())
  }

  #comeBack(ms: number, work: () => Promise<void>): void {
    this.#cancelRetry?.()
    this.#cancelRetry = this.conversation.context.clock.after(ms, () => this.#background(work))
  }

  /** Runs in the lane: the relay has it. The row may be gone by now, or be another one. */
  async #stored(sent: OutboxRow, use: LaneUse): Promise<void> {
    const { conversation, relay } = this
    const { store, clock } = conversation.context
    const row = await store.get('outbox', [conversation.id, sent.innerId])
    // Put under other keys meanwhile: that it lies under the earlier ones counts no more.
    if (row === undefined || row.generation !== sent.generation) return
    const stored = withDeposit(row, relay.id)
    const isDone = !isOwed(row) && depositsOf(stored).length >= conversation.relays.length
    const change = isDone
      ? ({ delete: 'outbox', key: [conversation.id, row.innerId] } as const)
      : ({ put: 'outbox', row: stored } as const)
    const changes = [change, use.add(laneOf(row.kind), depositsOf(row).includes(relay.id) ? 0 : 1)]
    if (row.kind === 'application') {
      await conversation.step({ type: 'deposited', innerId: row.innerId, relay: relay.id }, { changes })
      return
    }
    const head = row.kind === 'head' ? headIn(row.inner) : undefined
    if (head === undefined) return store.commit(changes)
    const { boot, seals } = head
    const source = { relay: relay.id }
    await conversation.step({ type: 'head-stored', boot, seals, source, now: clock.now() }, { changes })
  }
}

/** What waits, oldest first; while a commit is nowhere but here, nothing that was made after it. */
async function waitingRows(conversation: Conversation): Promise<OutboxRow[]> {
  const rows = await conversation.context.store.list('outbox', { prefix: [conversation.id] })
  const sorted = rows.filter((row) => mayLeave(conversation, row)).toSorted(byAge)
  const commit = sorted.find((row) => row.kind === 'commit' && depositsOf(row).length === 0)
  if (commit === undefined) return sorted
  // Each run deposits the commit first, so what follows it in this list is safe to send after it.
  const before = sorted.filter((row) => row.kind === 'control' && byAge(row, commit) < 0)
  return [...before, commit, ...sorted.filter((row) => row !== commit && !before.includes(row))]
}

function isControl({ kind }: OutboxRow): boolean {
  return kind === 'commit' || kind === 'control'
}

/** A hello has its own way. A store that may be an old copy says nothing that would fork its control chain. */
export function mayLeave({ state, control }: Conversation, row: OutboxRow): boolean {
  return row.kind !== 'knock' && (control === undefined || !isControl(row) || maySeal(state))
}

function byAge(a: OutboxRow, b: OutboxRow): number {
  return a.createdAt - b.createdAt || a.firstSeq - b.firstSeq
}
