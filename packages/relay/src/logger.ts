import type { Logger } from '@sotto/interface'

type Fields = Readonly<Record<string, string | number | boolean>>

/**
 * Lines such as `2026-11-25T10:00:00.000Z info relay: swept entries=12`. Callers give counts and reasons; addresses,
 * peer ids and mailbox ids have no place in a relay's log, and a test scans a whole scenario's log for them.
 */
export function lineLogger(write: (line: string) => void, scope = 'relay'): Logger {
  const line = (level: string, message: string, fields: Fields = {}): void => {
    const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${value}`)
    write(`${new Date().toISOString()} ${level} ${scope}: ${message}${rest.join('')}\n`)
  }
  return {
    debug: () => undefined,
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    scope: (inner) => lineLogger(write, `${scope}:${inner}`),
  }
}
