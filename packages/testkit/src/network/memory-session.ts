import { SottoError, type DirectSession, type PathFacts, type TransportEvents } from '@sotto/interface'
import { MAX_ENVELOPE_BYTES } from '@sotto/wire'

const PATH: PathFacts = { direct: true, transport: 'tcp', multiplexer: '/memory', encryption: '/memory' }
/** As the real one: so many envelopes in a row that are not taken end a path. */
const MAX_REFUSED_IN_A_ROW = 64

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

/** Both ends of a new direct path. `tamper` changes what goes over it, or loses it. */
export function memoryPath(
  here: SessionEnd,
  there: SessionEnd,
  tamper: (envelope: Uint8Array) => Uint8Array | undefined,
): [MemorySession, MemorySession] {
  const ends: [MemorySession, MemorySession] = [new MemorySession(here, tamper), new MemorySession(there, tamper)]
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
  readonly #tamper: (envelope: Uint8Array) => Uint8Array | undefined
  /** Resolves when the path ends: what is on its way then is not held. */
  readonly #end = Promise.withResolvers<false>()
  #other: MemorySession | undefined
  #refusedInARow = 0
  #tail: Promise<unknown> = Promise.resolve()

  constructor({ owner, context, peer }: SessionEnd, tamper: (envelope: Uint8Array) => Uint8Array | undefined) {
    this.#owner = owner
    this.context = context
    this.peer = peer
    this.#tamper = tamper
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
    const arrived = this.#tamper(envelope)
    const other = this.#other
    if (other === undefined || arrived === undefined) return false
    const isTaken = await other.#take(arrived.slice())
    this.#refusedInARow = isTaken ? 0 : this.#refusedInARow + 1
    if (this.#refusedInARow > MAX_REFUSED_IN_A_ROW) this.close()
    return isTaken
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
