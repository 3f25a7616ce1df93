/** A token bucket: `rate` units a second, at most `burst` at once. Reads no clock; the caller says what time it is. */
export class Budget {
  readonly #rate: number
  readonly #burst: number
  #left: number
  #at: number

  constructor(rate: number, burst: number, now: number) {
    this.#rate = rate
    this.#burst = burst
    this.#left = burst
    this.#at = now
  }

  /**
   * Takes `units`, also when that overdraws.
   * @returns milliseconds until the bucket is no longer overdrawn; 0 while it is not
   */
  spend(units: number, now: number): number {
    this.#fill(now)
    this.#left -= units
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left / this.#rate) * 1_000)
  }

  /** Takes `units` if there are as many. */
  take(units: number, now: number): boolean {
    this.#fill(now)
    if (this.#left < units) return false
    this.#left -= units
    return true
  }

  #fill(now: number): void {
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#at) / 1_000) * this.#rate)
    this.#at = now
  }
}
