import { ownRecord } from './devices.ts'
import { covers, unite } from './spans.ts'
import type { ConversationState, Reached, Span } from './state.ts'

/** What one device has of our events: everything above `since` up to `delivered`. What was before its time it never gets. */
interface Has {
  readonly since: number
  readonly delivered: number
  readonly read: number
}

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
  const readers = readersOf(state)
  const bounds = [...new Set([0, ...readers.flatMap(({ devices }) => devices.map(({ since }) => since))])].toSorted(
    (a, b) => a - b,
  )
  const delivered: Span[] = []
  const read: Span[] = []
  for (const [at, lowest] of bounds.entries()) {
    const highest = Math.min(bounds[at + 1] ?? state.sealed.seq, state.sealed.seq)
    if (lowest >= highest || covers(before.read, { from: lowest + 1, to: highest })) continue
    const tops = topsAbove(readers, lowest)
    add(delivered, lowest, Math.min(highest, tops.delivered))
    add(read, lowest, Math.min(highest, tops.read))
  }
  return { delivered: unite([...before.delivered, ...delivered, ...read]), read: unite([...before.read, ...read]) }
}

/** How many accounts have an own event, how many have read it, of how many that were there when it was sealed. */
export function reachedBy(
  state: ConversationState,
  seq: number,
): { readonly delivered: number; readonly read: number; readonly of: number } {
  const readers = readersOf(state).filter(({ live, since }) => live && since < seq)
  const tops = readers.map((reader) => topOf(reader, seq - 1))
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

/** Up to where events right above `lowest` have reached everybody whom they were for. */
function topsAbove(readers: readonly Reader[], lowest: number): { readonly delivered: number; readonly read: number } {
  const there = readers.filter(({ since }) => since <= lowest)
  const live = there.filter((reader) => reader.live)
  const tops = (live.length > 0 ? live : there).map((reader) => topOf(reader, lowest))
  const pick = live.length > 0 ? Math.min : (...values: number[]) => Math.max(0, ...values)
  return { delivered: pick(...tops.map(({ delivered }) => delivered)), read: pick(...tops.map(({ read }) => read)) }
}

/** Up to where an account has our events right above `lowest`, by one of its devices. */
function topOf({ devices }: Reader, lowest: number): { readonly delivered: number; readonly read: number } {
  const there = devices.filter(({ since }) => since <= lowest)
  return {
    delivered: Math.max(0, ...there.map(({ delivered }) => delivered)),
    read: Math.max(0, ...there.map(({ read, delivered }) => Math.min(read, delivered))),
  }
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
