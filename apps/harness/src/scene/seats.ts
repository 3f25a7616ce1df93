import type { Actor } from './actor.ts'

/** Somebody in a conversation. */
export interface Seat {
  readonly peer: Actor
  readonly conversation: string
}

/** Who can say something where: now, and ever. */
export class Seats {
  readonly #now: Seat[] = []
  readonly #ever: Seat[] = []

  get now(): readonly Seat[] {
    return this.#now
  }

  get ever(): readonly Seat[] {
    return this.#ever
  }

  /** Everybody who is in that conversation now. */
  in(conversation: string): readonly Actor[] {
    return this.#now.filter((seat) => seat.conversation === conversation).map(({ peer }) => peer)
  }

  take(peer: Actor, conversation: string): void {
    this.#now.push({ peer, conversation })
    if (!this.#ever.some(isAt(peer, conversation))) this.#ever.push({ peer, conversation })
  }

  leave(peer: Actor, conversation: string): void {
    const at = this.#now.findIndex(isAt(peer, conversation))
    if (at >= 0) this.#now.splice(at, 1)
  }
}

function isAt(peer: Actor, conversation: string): (seat: Seat) => boolean {
  return (seat) => seat.peer === peer && seat.conversation === conversation
}
