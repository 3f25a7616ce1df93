import type { Clock } from '@sotto/interface'

const RETRY_MS = 60_000

/** Tries to have one circuit reservation while its relay is connected. A relay may be full, or offer none at all. */
export class Reservation {
  readonly #clock: Clock
  #reserve: (() => Promise<void>) | undefined
  #cancel: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  keep(reserve: () => Promise<void>): void {
    this.#reserve = reserve
    void this.#try(reserve)
  }

  /** It was lost: after a while another one is asked for. */
  again(): void {
    const reserve = this.#reserve
    if (reserve === undefined) return
    this.#cancel?.()
    this.#cancel = this.#clock.after(RETRY_MS, () => void this.#try(reserve))
  }

  stop(): void {
    this.#reserve = undefined
    this.#cancel?.()
  }

  async #try(reserve: () => Promise<void>): Promise<void> {
    try {
      await reserve()
    } catch {
      if (this.#reserve === reserve) this.again()
    }
  }
}
