import type { EventsSession } from './session.ts'

/** Sessions that begin within that time of each other were dialled by both sides at once. */
const AT_ONCE_MS = 10_000

/** A live session, who dialled it, and when it began (monotonic, ms). */
export interface Path {
  readonly session: EventsSession
  readonly dialler: string
  readonly beganAt: number
}

/**
 * Whether a new path to a device is used in place of the one there is. Two sides that dial each other at once must keep the same
 * one: that of the lower PeerId. Otherwise the newer is right: its dialler knows that the older one is of no use any more.
 */
export function replaces(next: Omit<Path, 'session'>, old: Omit<Path, 'session'>): boolean {
  const isRace = next.dialler !== old.dialler && next.beganAt - old.beganAt < AT_ONCE_MS
  return !isRace || next.dialler < old.dialler
}

/** The live paths: at most one for each peer and context. */
export class Paths {
  readonly #all = new Map<string, Path>()

  get size(): number {
    return this.#all.size
  }

  find(context: string, peer: string): Path | undefined {
    return this.#all.get(nameOf(context, peer))
  }

  /** Puts it in the place of another one, which it answers. */
  add(path: Path): Path | undefined {
    const { context, peer } = path.session
    const old = this.find(context, peer)
    this.#all.set(nameOf(context, peer), path)
    return old
  }

  remove(session: EventsSession): void {
    if (this.find(session.context, session.peer)?.session === session) {
      this.#all.delete(nameOf(session.context, session.peer))
    }
  }

  closeAll(): void {
    for (const { session } of this.#all.values()) session.close()
  }
}

function nameOf(context: string, peer: string): string {
  return `${peer} ${context}`
}
