import type { Clock } from '@sotto/interface'

const HOUR_MS = 3_600_000

/** Does something every hour, for what becomes due while nothing comes. Answers how to end it. */
export function hourly(clock: Clock, work: () => void): () => void {
  let cancel = clock.after(HOUR_MS, tick)
  return () => cancel()

  function tick(): void {
    cancel = clock.after(HOUR_MS, tick)
    work()
  }
}
