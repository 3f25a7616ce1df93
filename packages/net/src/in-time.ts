import type { Clock } from '@sotto/interface'

/** What comes within `ms`; undefined when it comes later, or fails. Whoever asks ends what is still going on. */
export function inTime<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(undefined))
    const done = (value: T | undefined): void => {
      cancel()
      resolve(value)
    }
    work.then(done, () => done(undefined))
  })
}
