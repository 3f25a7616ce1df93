/** What decides where an event stands. */
export interface Placed {
  readonly lamport: number
  readonly eventId: string
}

/**
 * Display order: by lamport number, then by id. An event's number is above those of everything it names, so this is
 * also an order in which nothing stands before what its author had seen.
 */
export function compareEvents(a: Placed, b: Placed): number {
  if (a.lamport !== b.lamport) return a.lamport - b.lamport
  return a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0
}
