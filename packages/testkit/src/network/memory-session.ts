import { SottoError, type DirectSession, type PathFacts, type TransportEvents } from '@sotto/interface'
import { MAX_ENVELOPE_BYTES } from '@sotto/wire'

const PATH: PathFacts = { direct: true, transport: 'tcp', multiplexer: '/memory', encryption: '/memory' }
/** As the real one: so many envelopes in a row, within a minute, that are not taken end a path. */
const MAX_REFUSED_IN_A_ROW = 64
const REFUSED_MS = 60_000

/** Whose end of a path that is. */
interface SessionOwner {
  readonly sessions: Set<MemorySession>
  readonly events: TransportEvents | undefined
}

interface SessionEnd {
  readonly owner: SessionOwner
  readonly context: string
  readonly peer: string
}

/** What lies between two ends. */
interface Between {
  /** Changes what goes over a path, or loses it. */
  tamper(envelope: Uint8Array): Uint8Array | undefined
  /** Monotonic, ms. */
  now(): number
}

/** Both ends of a new direct path. */
export function memoryPath(here: SessionEnd, there: SessionEnd, between: Between): [MemorySession, MemorySession] {
  const ends: [MemorySession, MemorySession] = [new MemorySession(here, between), new MemorySession(there, between)]
  ends[0].connect(ends[1])
  ends[1].connect(ends[0])
  return ends
}

/** One end of a direct path: everything arrives, in order, one after the other. */
export class MemorySession implements DirectSession {
  readonly context: string
  readonly peer: string
  readonly path: PathFacts = PATH
  readonly #owner: SessionOwner
  readonly #between: Between
  /** Resolves when the path ends: what is on its way then is not held. */
  readonly #end = Promise.withResolvers<false>()
  #other: MemorySession | undefined
  #refusedInARow = 0
  #refusedSince = -Infinity
  #tail: Promise<unknown> = Promise.resolve()

  constructor({ owner, context, peer }: SessionEnd, between: Between) {
    this.#owner = owner
    this.context = context
    this.peer = peer
    this.#between = between
    owner.sessions.add(this)
  }

  connect(other: MemorySession): void {
    this.#other = other
  }

  async send(envelope: Uint8Array): Promise<boolean> {
    if (envelope.length === 0 || envelope.length > MAX_ENVELOPE_BYTES)
      throw new SottoError('too-large', `An envelope has 1 to ${MAX_ENVELOPE_BYTES} bytes.`)
    const sent = this.#tail.then(() => this.#arrive(envelope))
    this.#tail = sent
    return Promise.race([sent, this.#end.promise])
  }

  async #arrive(envelope: Uint8Array): Promise<boolean> {
    const arrived = this.#between.tamper(envelope)
    const other = this.#other
    if (other === undefined || arrived === undefined) return false
    const isTaken = await other.#take(arrived.slice())
    const now = this.#between.now()
    if (isTaken || now - this.#refusedSince > REFUSED_MS) this.#refusedInARow = 0
    if (isTaken) return true
    if (this.#refusedInARow === 0) this.#refusedSince = now
    this.#refusedInARow += 1
    if (this.#refusedInARow > MAX_REFUSED_IN_A_ROW) this.close()
    return false
  }

  async #take(envelope: Uint8Array): Promise<boolean> {
    try {
      return (await this.#owner.events?.onEnvelope(this, envelope)) ?? false
    } catch {
      // Its own store failed: the other side keeps it.
      return false
    }
  }

  close(): void {
    const other = this.#other
    if (!this.#owner.sessions.delete(this)) return
    this.#other = undefined
    this.#end.resolve(false)
    this.#owner.events?.onSessionEnd(this)
    other?.close()
  }
}
