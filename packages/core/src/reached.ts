import { ownRecord } from './devices.ts'
import { covers, unite } from './spans.ts'
import type { ConversationState, Reached, Span } from './state.ts'

/** What one device has of our events: everything above `since` up to `delivered`. What was before its time it never gets. */
interface Has {
  readonly since: number
  readonly delivered: number
  readonly read: number
}

/** Up to where events are there, and were read. */
type Top = Pick<Has, 'delivered' | 'read'>

/** An account other than ours, with everything that its devices have. */
interface Reader {
  readonly live: boolean
  /** Our events up to here were before the time of all its devices. */
  readonly since: number
  readonly devices: readonly Has[]
}

/**
 * Own events that others have, and have read. One counts when every account has it that was in when it was sealed and is in now; when none
 * of them is left, when any of them had it. So what was said to nobody is never delivered, whoever comes in later, and what only newcomers
 * read is not read. Once reached stays reached.
 */
export function reachedOf(state: ConversationState): Reached {
  const before = state.reached ?? NOTHING
  const { seq } = state.sealed
  const entries = readersOf(state)
    .flatMap((reader) => reader.devices.map((has) => ({ reader, has })))
    .toSorted((a, b) => a.has.since - b.has.since)
  const delivered: Span[] = []
  const read: Span[] = []
  const tops = new Map<Reader, Top>()
  // From the first event on: after each bound there is one device more for which the next events were.
  for (const [at, { reader, has }] of entries.entries()) {
    tops.set(reader, higher(tops.get(reader), topOf(has)))
    const above = has.since
    const to = Math.min(entries[at + 1]?.has.since ?? seq, seq)
    if (above >= to || covers(before.read, { from: above + 1, to })) continue
    const common = commonOf(tops)
    add(delivered, above, Math.min(to, common.delivered))
    add(read, above, Math.min(to, common.read))
  }
  return { delivered: unite([...before.delivered, ...delivered, ...read]), read: unite([...before.read, ...read]) }
}

/** How many accounts have an own event, how many have read it, of how many that were there when it was sealed. */
export function reachedBy(
  state: ConversationState,
  seq: number,
): { readonly delivered: number; readonly read: number; readonly of: number } {
  const readers = readersOf(state).filter(({ live, since }) => live && since < seq)
  const tops = readers.map(({ devices }) =>
    devices
      .filter((has) => has.since < seq)
      .map(topOf)
      .reduce(higher),
  )
  return {
    delivered: tops.filter(({ delivered }) => delivered >= seq).length,
    read: tops.filter(({ read }) => read >= seq).length,
    of: readers.length,
  }
}

const NOTHING: Reached = { delivered: [], read: [] }

function add(spans: Span[], above: number, to: number): void {
  if (to > above) spans.push({ from: above + 1, to })
}

/** Up to where events have reached everybody for whom they were: all accounts that are in, or any when none of them is. */
function commonOf(tops: ReadonlyMap<Reader, Top>): Top {
  let all: Top | undefined
  let any: Top | undefined
  for (const [{ live }, top] of tops) {
    if (live) all = lower(all, top)
    else any = higher(any, top)
  }
  return all ?? any ?? { delivered: 0, read: 0 }
}

function topOf({ delivered, read }: Has): Top {
  return { delivered, read: Math.min(read, delivered) }
}

function higher(a: Top | undefined, b: Top): Top {
  return a === undefined ? b : { delivered: Math.max(a.delivered, b.delivered), read: Math.max(a.read, b.read) }
}

function lower(a: Top | undefined, b: Top): Top {
  return a === undefined ? b : { delivered: Math.min(a.delivered, b.delivered), read: Math.min(a.read, b.read) }
}

function readersOf(state: ConversationState): Reader[] {
  const { account: own } = ownRecord(state)
  const readers = new Map<string, { live: boolean; since: number; devices: Has[] }>()
  for (const { account, live, since = 0, acknowledged } of state.devices) {
    if (account === own) continue
    const { delivered, read } = acknowledged
    const reader = readers.get(account) ?? { live: false, since, devices: [] }
    reader.live ||= live
    reader.since = Math.min(reader.since, since)
    reader.devices.push({ since, delivered, read })
    readers.set(account, reader)
  }
  return [...readers.values()]
}
