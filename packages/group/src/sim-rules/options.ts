import type { Work } from './pieces.ts'

const TEXT: { readonly type: 'string' } = { type: 'string' }
const FLAG: { readonly type: 'boolean' } = { type: 'boolean' }

/** What every simulation of this room can be told. */
export const COMMON: Readonly<Record<'seeds' | 'jobs' | 'minutes', typeof TEXT>> &
  Readonly<Record<'honest' | 'json', typeof FLAG>> = {
  seeds: TEXT,
  jobs: TEXT,
  minutes: TEXT,
  honest: FLAG,
  json: FLAG,
}

const MOST_JOBS = 64

/** Seeds, threads and time of a command's flags, or what is wrong with them. */
export function workOf(
  { seeds, jobs = '1', minutes }: { readonly seeds?: string; readonly jobs?: string; readonly minutes?: string },
  size: number,
): Work | string {
  const match = /^(\d+)-(\d+)$/.exec(seeds ?? '')
  const [from, to] = [Number(match?.[1]), Number(match?.[2])]
  if (match === null || to < from) return 'Give the seeds as A-B.'
  const threads = /^\d+$/.test(jobs) ? Number(jobs) : 0
  if (threads < 1 || threads > MOST_JOBS) return `Give --jobs a number from 1 to ${MOST_JOBS}.`
  if (minutes !== undefined && !/^\d+(\.\d+)?$/.test(minutes)) return 'Give --minutes a number.'
  return { from, to, size, jobs: threads, minutes: minutes === undefined ? Infinity : Number(minutes) }
}

/** Runs a command's parse; the message of what it throws instead of the throw. */
export function orMessage<T>(parse: () => T): T | string {
  try {
    return parse()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
