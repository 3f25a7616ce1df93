import type { Clock, Logger, Random } from '@sotto/interface'
import { randomBytes } from 'node:crypto'

/** What a platform's timers can count; with more they would run at once. */
const MAX_TIMER_MS = 2_147_483_647

/** This machine's clocks and timers. Timers keep no process alive. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, MAX_TIMER_MS))
    timer.unref()
    return () => clearTimeout(timer)
  },
}

export const nodeRandom: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) }

/** One line a message on standard error: level, scope, message, fields. */
export function stderrLogger(level: 'debug' | 'info' | 'warn', scope = 'sotto'): Logger {
  const levels = ['debug', 'info', 'warn'] as const
  const write =
    (at: (typeof levels)[number]) =>
    (message: string, fields: Readonly<Record<string, string | number | boolean>> = {}): void => {
      if (levels.indexOf(at) < levels.indexOf(level)) return
      const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${value}`)
      process.stderr.write(`${at} ${scope}: ${message}${pairs.join('')}\n`)
    }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    scope: (inner) => stderrLogger(level, `${scope}:${inner}`),
  }
}
