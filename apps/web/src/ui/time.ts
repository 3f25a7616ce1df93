import { uiStrings } from './ui-strings.ts'

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
const DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const LONG_DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const OLD_DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const MOMENT = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' })

/** All of these take milliseconds since 1970 and answer words in the reader's language and zone. */
export function clockTime(at: number): string {
  return CLOCK.format(at)
}

export function moment(at: number): string {
  return MOMENT.format(at)
}

/** As short as a list wants it: the time today, then Yesterday, a weekday, a date. */
export function shortTime(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days <= 0) return clockTime(at)
  if (days === 1) return uiStrings.yesterday
  return days < 7 ? WEEKDAY.format(at) : DATE.format(at)
}

/** The name of a day, for the line between two days. */
export function dayName(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days <= 0) return uiStrings.today
  if (days === 1) return uiStrings.yesterday
  return days < 300 ? LONG_DAY.format(at) : OLD_DAY.format(at)
}

/** How many midnights lie between two moments. */
export function daysBetween(at: number, now: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0)
  return Math.round((midnight(now) - midnight(at)) / 86_400_000)
}
