/** Items on their way at once under keys under which the other end takes what comes; under others one, to find out. */
const WINDOW = 16
/** Until what was refused goes again; twice as long each further time, as long as nothing is taken under these keys. */
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 60_000

/** How far the keys of one generation can be used over a path. Times are monotonic, in ms. */
export class KeyUse {
  /** The other end has sealed something under them, or taken something. */
  isKnown = false
  /** And nothing has been refused since. */
  isFlowing = false
  #onTheWay = 0
  #waitMs = FIRST_WAIT_MS
  #blockedUntil = -Infinity
  /** Something waits for room. */
  #isShort = false
  /** What is to be done for each item that was refused, so that it may go again. */
  #refused: (() => void)[] = []

  /** Whether one more item may go under these keys now. */
  hasRoom(now: number): boolean {
    if (now < this.#blockedUntil) return false
    this.#isShort = this.#onTheWay >= (this.isFlowing ? WINDOW : 1)
    return !this.#isShort
  }

  began(): void {
    this.#onTheWay += 1
  }

  /** An item was taken. Answers whether what waits for room may go now. */
  held(): boolean {
    this.#onTheWay -= 1
    this.#flow()
    return this.#isShort && this.#onTheWay <= WINDOW / 2
  }

  /**
   * An item was not taken: `again` is called when it may go again. Answers in how many ms {@link release} is due, for it and all else under these keys;
   * undefined when that is known already: those that were on their way together count as one.
   */
  refused(now: number, again: () => void): number | undefined {
    this.#onTheWay -= 1
    this.isFlowing = false
    this.#refused.push(again)
    if (now < this.#blockedUntil) return undefined
    const waitMs = this.#waitMs
    this.#blockedUntil = now + waitMs
    this.#waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)
    return waitMs
  }

  /** The other end has sealed something under these keys. Answers whether more may go for it: if that is new, and not if it has them and takes nothing. */
  shown(): boolean {
    if (this.isKnown) return false
    this.#flow()
    this.release()
    return true
  }

  /** The time is over: what was refused under these keys may go again. */
  release(): void {
    this.#blockedUntil = -Infinity
    for (const again of this.#refused.splice(0)) again()
  }

  /** What is refused from here on waits as at first. */
  #flow(): void {
    this.isKnown = true
    this.isFlowing = true
    this.#blockedUntil = -Infinity
    this.#waitMs = FIRST_WAIT_MS
  }
}
