import { keyOf } from './lookups.ts'
import type { Log } from './log.ts'
import { compareEvents } from './order.ts'
import type { AfterEffect, PersistEffect, Position } from './types.ts'

/** What a log's shown events mean for a person. */
export function shownEffects(log: Log): AfterEffect[] {
  if (log.shown.length === 0) return []
  return [{ type: 'shown', events: log.shown.toSorted(compareEvents) }]
}

/** What a log means for rows that were there before it. `arrived`: keys of those that were not. */
export function olderRowEffects(log: Log, arrived: ReadonlySet<string> = new Set()): PersistEffect[] {
  const isOlder = (event: Position): boolean => !arrived.has(keyOf(event))
  return [
    ...log.shown.filter(isOlder).map(({ device, seq }) => ({ type: 'show-event' as const, device, seq })),
    ...log.renumbered.filter(isOlder).map((event) => ({ type: 'number-event' as const, ...event })),
  ]
}
