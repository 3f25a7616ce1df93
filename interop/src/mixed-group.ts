import type { CoreCrypto } from './core-crypto.ts'
import type { Engine } from './engines.ts'
import type { SuiteId } from './names.ts'
import { attempt, Failure, forEach } from './failure.ts'
import { OurPeer } from './our-peer.ts'
import type { Heard, Made, Peer } from './peer.ts'
import type { Member } from './plan.ts'
import { expectOut } from './removal-oracle.ts'
import { TheirPeer } from './their-peer.ts'

/** One group whose members run two implementations. Everything that one sends reaches every other at once. */
export class MixedGroup {
  readonly #engine: Engine
  readonly #coreCrypto: CoreCrypto
  readonly #suite: SuiteId
  readonly #inside: Map<number, Peer> = new Map()
  readonly #outside: Peer[] = []

  constructor(engine: Engine, coreCrypto: CoreCrypto, suite: SuiteId) {
    this.#engine = engine
    this.#coreCrypto = coreCrypto
    this.#suite = suite
  }

  get inside(): Peer[] {
    return [...this.#inside.values()]
  }

  /** Those who were removed. */
  get outside(): readonly Peer[] {
    return this.#outside
  }

  get ours(): OurPeer[] {
    return this.inside.filter((peer) => peer instanceof OurPeer)
  }

  peer(id: number): Peer {
    const peer = this.#inside.get(id)
    if (peer === undefined) throw new Error(`member ${id} is not in the group: the plan is wrong`)
    return peer
  }

  async create({ id, kind }: Member): Promise<Peer> {
    return kind === 'ours' ? new OurPeer(this.#engine, id) : TheirPeer.create(this.#coreCrypto, this.#suite, id)
  }

  enter(peer: Peer): void {
    this.#inside.set(peer.id, peer)
  }

  /** Brings a commit to everybody but its author, and the Welcome to those it adds. */
  async spread(
    made: Made,
    author: Peer,
    { joining, leaving }: { joining: readonly Peer[]; leaving: readonly number[] },
  ): Promise<void> {
    const before = this.ours.filter((peer) => peer !== author).map((peer) => ({ id: peer.id, state: peer.state }))
    const removed = before.filter(({ id }) => leaving.includes(id))
    const staying = before.find(({ id }) => !leaving.includes(id))?.state
    const own = author instanceof OurPeer ? author.state : undefined
    // First what our side can tell by itself: of an engine that lets somebody follow, that is the reason to name.
    if (own !== undefined && removed.length > 0)
      await expectOut(this.#engine, { commit: made.commit, removed, staying, after: own })
    const others = this.inside.filter((peer) => peer !== author)
    await forEach(others, (peer) => this.#bring(made.commit, peer, leaving.includes(peer.id)))
    await this.#expectRefused('a later commit', made.commit)
    const after = own ?? this.ours.find(({ id }) => !leaving.includes(id))?.state
    if (own === undefined && removed.length > 0 && after !== undefined)
      await expectOut(this.#engine, { commit: made.commit, removed, staying, after })
    for (const id of leaving) this.#leave(id)
    for (const peer of joining) {
      const { welcome } = made
      if (welcome === undefined)
        throw new Failure('refused', `a commit of ${author.kind} adds ${peer.kind} without a Welcome`)
      await attempt('cannot-join', `${peer.kind} ${peer.id} joins by a Welcome of ${author.kind} ${author.id}`, () =>
        peer.join(welcome),
      )
      this.enter(peer)
    }
  }

  /** Brings a message that everybody inside must read as `text`, and nobody outside may read. */
  async tell(message: Uint8Array, author: Peer, text: string): Promise<void> {
    const others = this.inside.filter((peer) => peer !== author)
    await forEach(others, async (peer) => {
      const what = `${peer.kind} ${peer.id} reads a message of ${author.kind} ${author.id}`
      const heard = await attempt('unreadable', what, () => peer.receive(message))
      if (heard.type !== 'text' || heard.text !== text) throw new Failure('unreadable', `${what}: it is another one`)
    })
    await this.#expectRefused('a later message', message)
  }

  async #bring(commit: Uint8Array, peer: Peer, isLeaving: boolean): Promise<void> {
    const what = `${peer.kind} ${peer.id} takes a commit`
    const heard: Heard = await attempt('refused', what, () => peer.receive(commit))
    const expected = isLeaving ? 'removed' : 'commit'
    if (heard.type !== expected) throw new Failure('differs', `${what}: it says ${heard.type}, not ${expected}`)
  }

  async #expectRefused(what: string, message: Uint8Array): Promise<void> {
    await forEach(this.#outside, async (peer) => {
      const heard = await peer.receive(message).catch(() => undefined)
      if (heard !== undefined)
        throw new Failure('follows', `${peer.kind} ${peer.id} was removed and takes ${what} (${heard.type})`)
    })
  }

  #leave(id: number): void {
    this.#outside.push(this.peer(id))
    this.#inside.delete(id)
  }
}
