/**
 * The other end bears 64 refusals in a row within a minute (section 6 of spec/direct.md) and then ends the path. Items on their way and items refused
 * within a minute stay below these together; what goes uncounted, as answers and later parts of large items do, has the rest.
 */
const MAX_AT_RISK = 44
/** And below these where it has to be found out whether the other end has the keys: what it takes for certain need not wait for that. */
const MAX_FINDING_OUT = 28
const REFUSED_MS = 60_000

/** How near the other end is to having had enough of us. Times are monotonic, in ms. */
export class Risk {
  #onTheWay = 0
  #refusedAt: number[] = []

  /** `isFlowing`: the other end takes what comes under these keys. */
  isTooHigh(now: number, isFlowing: boolean): boolean {
    this.#refusedAt = this.#refusedAt.filter((at) => now - at <= REFUSED_MS)
    return this.#onTheWay + this.#refusedAt.length >= (isFlowing ? MAX_AT_RISK : MAX_FINDING_OUT)
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
