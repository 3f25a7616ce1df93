import { openEnvelope, takeFragment } from '@sotto/group'
import type { ConversationId, DeviceId, DirectSession, InnerId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import { headIn } from '../conversation/head-in.ts'
import { isForAll, type OutboxRow } from '../conversation/outbox-row.ts'
import { receive } from '../conversation/receive.ts'
import { mayLeave, type DirectView } from '../mail/post.ts'
import { Farewells, goneFrom } from './farewells.ts'
import { Path, wasIn } from './path.ts'

/**
 * The direct paths: what comes over them, and the outbox over them. A path is proved in a pair, or among devices of one account; what else both
 * are in, as the tips say, goes over it too.
 */
export class Sessions implements DirectView {
  readonly #paths = new Map<ConversationId, Map<DeviceId, Path>>()
  readonly #holds = new Map<InnerId, { conversation: ConversationId; devices: Set<DeviceId> }>()
  readonly #farewells: Farewells
  readonly #background: (work: () => Promise<unknown>) => void
  readonly #conversations: () => Iterable<Conversation>

  constructor(init: {
    conversations: () => Iterable<Conversation>
    background: (work: () => Promise<unknown>) => void
  }) {
    this.#conversations = init.conversations
    this.#background = init.background
    this.#farewells = new Farewells({
      pathTo: (device) => this.#pathTo(device),
      background: init.background,
    })
  }

  /** A path to a device that hello has proved. The newest path to a device is the one that is used. */
  async add(conversation: Conversation, session: DirectSession, device: DeviceId): Promise<void> {
    const { clock } = conversation.context
    const path: Path = new Path({ session, device, clock, flush: (entry) => this.#flushOver(path, entry) })
    const paths = this.#paths.get(conversation.id) ?? new Map<DeviceId, Path>()
    this.#paths.set(conversation.id, paths.set(device, path))
    const now = clock.now()
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
    // One that is being entered is not there yet for what would come back.
    if (!new Set(this.#conversations()).has(conversation)) return
    this.#farewells.say(conversation)
    const paths = this.#pathsOf(conversation)
    if (paths.length === 0) return
    const rows = await conversation.context.store.list('outbox', { prefix: [conversation.id] })
    const waiting = rows
      // An answer to one device goes to that one.
      .filter((row) => mayLeave(conversation, row) && row.kind !== 'served')
      .toSorted((a, b) => order(a) - order(b) || a.firstSeq - b.firstSeq)
    const ids = new Set(waiting.map((row) => row.innerId))
    for (const known of this.#holds.keys()) if (!ids.has(known)) this.#forgetHold(conversation, known)
    for (const path of paths) this.#sendOver(conversation, path, waiting)
  }

  #flushOver(path: Path, conversation: Conversation): void {
    if (this.#pathTo(path.device) === path) this.#background(() => this.flush(conversation))
  }

  #sendOver(conversation: Conversation, path: Path, rows: readonly OutboxRow[]): void {
    const sent = path.sent(conversation.id)
    sent.keep(rows)
    for (const row of sent.inTurn(rows)) {
      if (sent.has(row) || !wasIn(conversation, path, row.generation)) continue
      if (!path.hasRoom(conversation, row.generation)) continue
      sent.add(row)
      // It counts as on its way from here on.
      const isHeld = path.carry(conversation, row, () => sent.refuse(row))
      this.#background(async () => (await isHeld) && this.#heldBy(conversation, path.device, row))
    }
  }

  /** What has left the outbox needs no memory of who holds it. */
  #forgetHold(conversation: Conversation, innerId: InnerId): void {
    if (this.#holds.get(innerId)?.conversation === conversation.id) this.#holds.delete(innerId)
  }

  /** One item to one device, if it is connected; whether it is. */
  tell(conversation: Conversation, device: DeviceId, inner: Uint8Array): boolean {
    const path = this.#pathsOf(conversation).find((known) => known.device === device)
    if (path === undefined) return false
    const open = conversation.generations.filter(({ id }) => wasIn(conversation, path, id))
    // It may not have followed to the newest yet.
    const generation = open.find(({ id }) => path.isKnown(id)) ?? open.at(-1)
    if (generation === undefined) return false
    this.#background(() => path.send(conversation, { inner, generation: generation.id }))
    return true
  }

  async #heldBy(conversation: Conversation, device: DeviceId, row: OutboxRow): Promise<void> {
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
    // Whoever was put out reads on: that may turn out not to hold. What comes where all has ended is known, and dropped.
    const shared = [...this.#conversations()].filter(({ peerDevices }) => peerDevices.includes(path.device))
    for (const entry of shared) {
      for (const { id, keys } of entry.generations) {
        const opened = openEnvelope({ keys, path: 'direct', envelope })
        if (!opened.ok) continue
        path.shown(entry, id)
        const { next, result } = takeFragment(path.reassembly, opened.value)
        path.reassembly = next
        // Parts that make no whole are not held: they must come again.
        if (!result.ok) return false
        if (result.value.type === 'waiting') return true
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

/** What changes the keys goes first: what follows is made after it. */
function order(row: OutboxRow): number {
  return row.kind === 'commit' || row.kind === 'control' ? row.createdAt - Number.MAX_SAFE_INTEGER / 2 : row.createdAt
}
