/**
 * Items on their way and items refused within a minute, together. The other end bears 64 refusals in a row within a minute (section 6 of
 * spec/direct.md) and then ends the path; what goes uncounted, as an answer does, has the rest.
 */
const MAX_AT_RISK = 48
const REFUSED_MS = 60_000

/** How near the other end is to having had enough of us. Times are monotonic, in ms. */
export class Risk {
  #onTheWay = 0
  #refusedAt: number[] = []

  isTooHigh(now: number): boolean {
    this.#refusedAt = this.#refusedAt.filter((at) => now - at <= REFUSED_MS)
    return this.#onTheWay + this.#refusedAt.length >= MAX_AT_RISK
  }

  began(): void {
    this.#onTheWay += 1
  }

  /** The other end begins to count anew. */
  held(): void {
    this.#onTheWay -= 1
    this.#refusedAt = []
  }

  refused(now: number): void {
    this.#onTheWay -= 1
    this.#refusedAt.push(now)
  }
}
