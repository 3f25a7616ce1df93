import type { Clock, Logger } from '@sotto/interface'

export const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

export const silent: Logger = { debug() {}, info() {}, warn() {}, scope: () => silent }
