import type { Clock } from '@sotto/interface'

interface Account {
  spent: number
  at: number
}

const DAY_MS = 86_400_000
/** Sources remembered at most; beyond that the one seen longest ago is forgotten. */
const MAX_SOURCES = 100_000

/**
 * What each source has added of late, so that nobody alone can fill the relay. In memory only: a leaking bucket that
 * is empty again after a day.
 */
export class SourceBudgets {
  readonly #perDay: number
  readonly #clock: Clock
  readonly #accounts = new Map<string, Account>()

  constructor(perDay: number, clock: Clock) {
    this.#perDay = perDay
    this.#clock = clock
  }

  /** Bytes that the source may add now. */
  left(source: string): number {
    return this.#perDay - this.#spentBy(source)
  }

  charge(source: string, bytes: number): void {
    const spent = this.#spentBy(source) + bytes
    this.#accounts.delete(source)
    if (this.#accounts.size >= MAX_SOURCES) this.#accounts.delete(this.#accounts.keys().next().value ?? source)
    this.#accounts.set(source, { spent, at: this.#clock.monotonic() })
  }

  #spentBy(source: string): number {
    const account = this.#accounts.get(source)
    if (account === undefined) return 0
    const leaked = ((this.#clock.monotonic() - account.at) / DAY_MS) * this.#perDay
    return Math.max(0, account.spent - leaked)
  }
}
