import { openEnvelope, takeFragment } from '@sotto/group'
import type { ConversationId, DeviceId, DirectSession, InnerId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import { headIn } from '../conversation/head-in.ts'
import { isForAll, type OutboxRow } from '../conversation/outbox-row.ts'
import { receive } from '../conversation/receive.ts'
import { commitWithout, farewellTo } from '../groups/farewell.ts'
import { innerOf } from '../groups/say.ts'
import { mayLeave, type DirectView } from '../mail/post.ts'
import { canOpen, FOLLOWED_MS, newPath, send, sentOver, type Path } from './path.ts'

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
    this.#paths.set(conversation.id, paths.set(device, newPath(session, device)))
    const now = conversation.context.clock.now()
    for (const shared of this.sharedWith(device)) {
      await shared.lane.run(() => shared.step({ type: 'connected', device, now }))
    }
  }

  /** The conversations that this device is in with us. */
  sharedWith(device: DeviceId): Conversation[] {
    return [...this.#conversations()].filter((entry) => !entry.isOut && entry.peerDevices.includes(device))
  }

  /** The conversations that this device was in with us under keys that are kept, and is in no more. */
  partedFrom(device: DeviceId): Conversation[] {
    return [...this.#conversations()].filter((entry) => goneFrom(entry).has(device))
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
    await this.#sayFarewell(conversation)
    const paths = this.#pathsOf(conversation)
    if (paths.length === 0) return
    const rows = await conversation.context.store.list('outbox', { prefix: [conversation.id] })
    const waiting = rows
      // An answer to one device goes to that one.
      .filter((row) => mayLeave(conversation, row) && row.kind !== 'served')
      .toSorted((a, b) => order(a) - order(b) || a.firstSeq - b.firstSeq)
    const ids = new Set(waiting.map((row) => row.innerId))
    for (const known of this.#holds.keys()) if (!ids.has(known)) this.#forgetHold(conversation, known)
    for (const path of paths) this.#sendOver(conversation, path, waiting, ids)
  }

  /** Whoever is out learns that from all who are connected to it, and nothing else: who has put it out may not be, and no relay may answer. */
  async #sayFarewell(conversation: Conversation): Promise<void> {
    const { control, id } = conversation
    for (const device of goneFrom(conversation)) {
      const path = this.#pathTo(device)
      const commit = path && control && commitWithout(control, device)
      if (path === undefined || commit === undefined || path.told.get(id) === commit.thing.id) continue
      path.told.set(id, commit.thing.id)
      const farewell = await farewellTo(conversation, device, commit)
      for (const kept of farewell?.things ?? [])
        this.#background(() => send(conversation, path, innerOf(kept), farewell?.generation))
    }
  }

  #sendOver(conversation: Conversation, path: Path, rows: readonly OutboxRow[], waiting: ReadonlySet<InnerId>): void {
    const sent = sentOver(path, conversation)
    for (const innerId of sent) if (!waiting.has(innerId)) forget(path, sent, innerId)
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
      this.#background(() => this.#flushAgain(conversation))
    })
  }

  /** With what the other ends could not take before. */
  async #flushAgain(conversation: Conversation): Promise<void> {
    for (const path of this.#pathsOf(conversation)) {
      const sent = sentOver(path, conversation)
      for (const innerId of path.refused) if (sent.delete(innerId)) path.refused.delete(innerId)
    }
    await this.flush(conversation)
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
      path.refused.add(row.innerId)
      if (this.#pathTo(path.device) === path) this.#flushLater(conversation)
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
    // Whoever was put out reads on: that may turn out not to hold.
    const shared = [...this.#conversations()].filter(
      (entry) => entry.row.phase !== 'ended' && entry.peerDevices.includes(path.device),
    )
    for (const entry of shared) {
      for (const { id, keys } of entry.generations) {
        const opened = openEnvelope({ keys, path: 'direct', envelope })
        if (!opened.ok) continue
        if (!path.shown.has(id)) {
          path.shown.add(id)
          this.#background(() => this.#flushAgain(entry))
        }
        const { next, result } = takeFragment(path.reassembly, opened.value)
        path.reassembly = next
        if (!result.ok || result.value.type === 'waiting') return true
        const { innerId, inner } = result.value
        const origin = { via: 'direct', device: path.device } as const
        return (await entry.lane.run(() => receive(entry, innerId, inner, origin))) !== 'full'
      }
    }
    // Perhaps of a generation whose commit is still to come: the sender keeps it.
    conversation.context.logger.debug('refused', { reason: 'undecryptable' })
    return false
  }
}

/** The devices that were in under keys that are kept here, and are in no more. */
function goneFrom({ control, row, peerDevices, generations, state }: Conversation): ReadonlySet<DeviceId> {
  if (control === undefined || row.phase !== 'active') return new Set()
  const there = new Set([state.self, ...peerDevices])
  return new Set(generations.flatMap(({ devices }) => devices).filter((device) => !there.has(device)))
}

/** What has left the outbox does not go again. */
function forget({ refused }: Path, sent: Set<InnerId>, innerId: InnerId): void {
  sent.delete(innerId)
  refused.delete(innerId)
}

/** What changes the keys goes first: what follows is made after it. */
function order(row: OutboxRow): number {
  return row.kind === 'commit' || row.kind === 'control' ? row.createdAt - Number.MAX_SAFE_INTEGER / 2 : row.createdAt
}
