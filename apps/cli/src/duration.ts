import { InvalidArgumentError } from 'commander'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of a text such as `30s`, `15m`, `7d`. Throws commander's error for anything else. */
export function duration(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? []
  const factor = UNITS[unit]
  if (factor === undefined) throw new InvalidArgumentError('It must be a duration such as 30s, 15m, 12h or 7d.')
  return Number(number) * factor
}
