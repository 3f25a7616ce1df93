import {
  EMPTY_REASSEMBLY,
  openEnvelope,
  sealEnvelope,
  sizeFor,
  splitInner,
  takeFragment,
  type Reassembly,
} from '@sotto/group'
import type { ConversationId, DeviceId, DirectSession, InnerId } from '@sotto/interface'
import { MAX_ENVELOPE_BYTES } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { headIn } from '../conversation/head-in.ts'
import { isForAll, type OutboxRow } from '../conversation/outbox-row.ts'
import { receive } from '../conversation/receive.ts'
import { mayLeave, type DirectView } from '../mail/post.ts'

/** Time to follow a commit to new keys, over paths that are there. */
const FOLLOWED_MS = 10_000

/** One proven path and what has gone over it, by conversation. */
interface Path {
  readonly session: DirectSession
  readonly device: DeviceId
  readonly sent: Map<ConversationId, Set<InnerId>>
  /** Generations whose keys the other end has shown to have. */
  readonly shown: Set<string>
  reassembly: Reassembly
}

/**
 * The direct paths: what comes over them, and the outbox over them. A path is proved in a pair, or among devices of one account; what else both
 * are in, as the tips say, goes over it too.
 */
export class Sessions implements DirectView {
  readonly #paths = new Map<ConversationId, Map<DeviceId, Path>>()
  readonly #holds = new Map<InnerId, { conversation: ConversationId; devices: Set<DeviceId> }>()
  readonly #waiting = new Set<ConversationId>()
  readonly #background: (work: () => Promise<unknown>) => void
  readonly #conversations: () => Iterable<Conversation>

  constructor(init: {
    conversations: () => Iterable<Conversation>
    background: (work: () => Promise<unknown>) => void
  }) {
    this.#conversations = init.conversations
    this.#background = init.background
  }

  /** A path to a device that hello has proved. The newest path to a device is the one that is used. */
  async add(conversation: Conversation, session: DirectSession, device: DeviceId): Promise<void> {
    const paths = this.#paths.get(conversation.id) ?? new Map<DeviceId, Path>()
    this.#paths.set(
      conversation.id,
      paths.set(device, { session, device, sent: new Map(), shown: new Set(), reassembly: EMPTY_REASSEMBLY }),
    )
    const now = conversation.context.clock.now()
    for (const shared of this.sharedWith(device)) {
      await shared.lane.run(() => shared.step({ type: 'connected', device, now }))
    }
  }

  /** The conversations that this device is in with us. */
  sharedWith(device: DeviceId): Conversation[] {
    return [...this.#conversations()].filter((entry) => !entry.isOut && entry.peerDevices.includes(device))
  }

  /** The path ended. Answers the device that is not connected by another one. */
  remove(conversation: ConversationId, session: DirectSession): DeviceId | undefined {
    const paths = this.#paths.get(conversation)
    for (const [device, path] of paths ?? []) {
      if (path.session !== session) continue
      paths?.delete(device)
      return device
    }
    return undefined
  }

  has(device: DeviceId): boolean {
    return this.#pathTo(device) !== undefined
  }

  isConnected(conversation: Conversation): boolean {
    return this.#pathsOf(conversation).length > 0
  }

  /** The PeerIds on the paths to devices of this conversation. */
  peersOf(conversation: Conversation): string[] {
    return this.#pathsOf(conversation).map(({ session }) => session.peer)
  }

  /** The paths to devices of this conversation. */
  #pathsOf(conversation: Conversation): Path[] {
    if (conversation.isOut) return []
    return conversation.peerDevices.flatMap((device) => this.#pathTo(device) ?? [])
  }

  /** The paths to devices that were in when the earlier keys were made, and are in no more. */
  #partingFrom(conversation: Conversation): Path[] {
    if (conversation.control === undefined || conversation.row.phase !== 'active') return []
    const { peerDevices, generations, state } = conversation
    const [, before] = generations
    const gone = (before?.devices ?? []).filter((device) => device !== state.self && !peerDevices.includes(device))
    return gone.flatMap((device) => this.#pathTo(device) ?? [])
  }

  #pathTo(device: DeviceId): Path | undefined {
    for (const paths of this.#paths.values()) {
      const path = paths.get(device)
      if (path !== undefined) return path
    }
    return undefined
  }

  close(conversation: ConversationId): void {
    for (const path of this.#paths.get(conversation)?.values() ?? []) path.session.close()
  }

  covers(conversation: Conversation): boolean {
    const devices = conversation.peerDevices
    const paths = this.#pathsOf(conversation)
    return devices.length > 0 && devices.every((device) => paths.some((path) => path.device === device))
  }

  isHeld(conversation: Conversation, row: OutboxRow): boolean {
    if (row.kind === 'head' || isForAll(conversation, row)) return false
    const holders = this.#holds.get(row.innerId)
    return holders !== undefined && conversation.peerDevices.every((device) => holders.devices.has(device))
  }

  /** Sends what waits over every path that has not carried it yet. */
  async flush(conversation: Conversation): Promise<void> {
    const paths = this.#pathsOf(conversation)
    const parting = this.#partingFrom(conversation)
    if (paths.length + parting.length === 0) return
    const rows = await conversation.context.store.list('outbox', { prefix: [conversation.id] })
    const waiting = rows
      // An answer to one device goes to that one.
      .filter((row) => mayLeave(conversation, row) && row.kind !== 'served')
      .toSorted((a, b) => order(a) - order(b) || a.firstSeq - b.firstSeq)
    const ids = new Set(waiting.map((row) => row.innerId))
    for (const known of this.#holds.keys()) if (!ids.has(known)) this.#forgetHold(conversation, known)
    for (const path of paths) this.#sendOver(conversation, path, waiting, ids)
    // Whoever is out learns that, and nothing else.
    const farewell = waiting.filter((row) => isForAll(conversation, row))
    for (const path of parting) this.#sendOver(conversation, path, farewell, ids)
  }

  #sendOver(conversation: Conversation, path: Path, rows: readonly OutboxRow[], waiting: ReadonlySet<InnerId>): void {
    const sent = sentOver(path, conversation)
    for (const innerId of sent) if (!waiting.has(innerId)) sent.delete(innerId)
    for (const row of rows) {
      if (sent.has(row.innerId)) continue
      if (!canOpen(conversation, path, row.generation)) {
        this.#flushLater(conversation)
        continue
      }
      sent.add(row.innerId)
      this.#background(() => this.#deliver(conversation, path, row))
    }
  }

  /** By then whoever is connected has followed to the newest keys. */
  #flushLater(conversation: Conversation): void {
    if (this.#waiting.has(conversation.id)) return
    this.#waiting.add(conversation.id)
    conversation.context.clock.after(FOLLOWED_MS, () => {
      this.#waiting.delete(conversation.id)
      this.#background(() => this.flush(conversation))
    })
  }

  /** What has left the outbox needs no memory of who holds it. */
  #forgetHold(conversation: Conversation, innerId: InnerId): void {
    if (this.#holds.get(innerId)?.conversation === conversation.id) this.#holds.delete(innerId)
  }

  /** One item to one device, if it is connected; whether it is. */
  tell(conversation: Conversation, device: DeviceId, inner: Uint8Array): boolean {
    const path = this.#pathsOf(conversation).find((known) => known.device === device)
    const generation = path && conversation.generations.find(({ id }) => canOpen(conversation, path, id))
    if (path === undefined || generation === undefined) return false
    this.#background(() => send(conversation, path, inner, generation.id))
    return true
  }

  async #deliver(conversation: Conversation, path: Path, row: OutboxRow): Promise<void> {
    if (!(await send(conversation, path, row.inner, row.generation))) {
      sentOver(path, conversation).delete(row.innerId)
      return
    }
    const { device } = path
    const hold = this.#holds.get(row.innerId) ?? { conversation: conversation.id, devices: new Set() }
    hold.devices.add(device)
    this.#holds.set(row.innerId, hold)
    await conversation.lane.run(() => this.#held(conversation, device, row))
  }

  async #held(conversation: Conversation, device: DeviceId, row: OutboxRow): Promise<void> {
    if (row.kind === 'application') {
      await conversation.step({ type: 'held', innerId: row.innerId, device })
      return
    }
    if (row.kind === 'head') return this.#headHeld(conversation, device, row)
    if (!this.isHeld(conversation, row)) return
    // A commit stays until the others have said that they follow it, and so does what else a control chain holds.
    if (row.kind === 'commit' || (row.kind === 'control' && row.lastSeq > 0)) return
    this.#holds.delete(row.innerId)
    await conversation.context.store.commit([{ delete: 'outbox', key: [conversation.id, row.innerId] }])
  }

  /** Our head record is with another account's device: as good as at a relay, when relays do not answer. */
  async #headHeld(conversation: Conversation, device: DeviceId, row: OutboxRow): Promise<void> {
    const head = headIn(row.inner)
    if (head === undefined) return
    const { boot, seals } = head
    const now = conversation.context.clock.now()
    await conversation.step({ type: 'head-stored', boot, seals, source: { device }, now })
  }

  /** An envelope over a direct path; true once what it brought is durable here. */
  async take(conversation: Conversation, session: DirectSession, envelope: Uint8Array): Promise<boolean> {
    const path = [...(this.#paths.get(conversation.id)?.values() ?? [])].find((known) => known.session === session)
    if (path === undefined) return false
    for (const shared of this.sharedWith(path.device)) {
      for (const { id, keys } of shared.generations) {
        const opened = openEnvelope({ keys, path: 'direct', envelope })
        if (!opened.ok) continue
        if (!path.shown.has(id)) {
          path.shown.add(id)
          this.#background(() => this.flush(shared))
        }
        const { next, result } = takeFragment(path.reassembly, opened.value)
        path.reassembly = next
        if (!result.ok || result.value.type === 'waiting') return true
        const { innerId, inner } = result.value
        const origin = { via: 'direct', device: path.device } as const
        return (await shared.lane.run(() => receive(shared, innerId, inner, origin))) !== 'full'
      }
    }
    // Perhaps of a generation whose commit is still to come: the sender keeps it.
    conversation.context.logger.debug('refused', { reason: 'undecryptable' })
    return false
  }
}

/**
 * Whether the other end can open what is sealed under that generation: an envelope that it cannot ends the path. It must have been in when
 * the generation was opened. Of the newest, it must have made it, have shown its keys, or have had time to follow.
 */
function canOpen(conversation: Conversation, { device, shown }: Path, id: string): boolean {
  const generation = conversation.generations.find((known) => known.id === id)
  if (generation === undefined) return false
  if (!generation.devices.includes(device)) return false
  const isNewest = generation === conversation.generation && conversation.generations.length > 1
  if (!isNewest || shown.has(id) || conversation.control?.commitTo(conversation.tip.epochId)?.thing.device === device)
    return true
  return conversation.context.clock.now() - generation.openedAt >= FOLLOWED_MS
}

/** What changes the keys goes first: what follows is made after it. */
function order(row: OutboxRow): number {
  return row.kind === 'commit' || row.kind === 'control' ? row.createdAt - Number.MAX_SAFE_INTEGER / 2 : row.createdAt
}

function sentOver(path: Path, { id }: Conversation): Set<InnerId> {
  const sent = path.sent.get(id) ?? new Set()
  path.sent.set(id, sent)
  return sent
}

/** Under the generation that the item was made for: who lacks a newer one finds the commit to it among these. */
async function send(
  conversation: Conversation,
  path: Path,
  inner: Uint8Array,
  generation: string = conversation.generation.id,
): Promise<boolean> {
  const { keys } = conversation.generations.find(({ id }) => id === generation) ?? conversation.generation
  const size = Math.min(sizeFor(inner.length, 'direct'), MAX_ENVELOPE_BYTES)
  const fragments = splitInner(inner, size)
  if (!fragments.ok) return false
  const acks = fragments.value.map((fragment) =>
    path.session.send(sealEnvelope({ keys, path: 'direct', size, ...fragment })),
  )
  return (await Promise.all(acks)).every((acked) => acked)
}
