import type { EventId } from '@sotto/interface'

import { heldAt, heldIndex, isUnproven } from './devices.ts'
import type { Log } from './log.ts'
import type { Find } from './lookups.ts'
import { MAX_HELD } from './parameters.ts'
import type { CheckedEvent } from './seals.ts'
import { settle } from './settle.ts'
import type { DeviceRecord, HeldDep, Mark } from './state.ts'
import type { Refusal } from './types.ts'

export type Arrival = 'new' | 'duplicate' | Refusal

/** Puts one event into the log, and into its chain as soon as it is complete. */
export function arrive(log: Log, event: CheckedEvent, find: Find): Arrival {
  const record = log.devices.get(event.device)
  if (record === undefined) return 'not-a-member'
  const other = compare(record, event, find)
  if (other === 'equivocation' || other === 'broken-chain') noteFork(log, record, event)
  if (other !== undefined) return other
  if (record.held.length >= MAX_HELD && event.seq !== record.head.seq + 1) {
    log.devices.set(event.device, { ...record, claimed: Math.max(record.claimed, event.seq) })
    return 'too-many-held'
  }
  const deps = resolve(log, event, find)
  if (deps === undefined) return 'before-lookup'
  hold(log, record, event, deps)
  settle(log)
  return 'new'
}

/** What an event is beside those that are here of its author. Undefined for one that is new and goes with them. */
function compare(record: DeviceRecord, event: CheckedEvent, find: Find): Arrival | undefined {
  if (event.seq <= record.head.seq) return compareSettled(record, find(record, event.seq), event)
  const held = heldAt(record, event.seq)
  if (held !== undefined) return held.eventId === event.eventId ? 'duplicate' : 'equivocation'
  return linksUp(record, event) ? undefined : 'broken-chain'
}

/** Others have got this event, and we have another one there, or before it: what they say names what we never take. */
function noteFork(log: Log, record: DeviceRecord, { device, seq }: CheckedEvent): void {
  if (record.forked !== undefined && record.forked <= seq) return
  log.devices.set(device, { ...record, forked: seq })
  settle(log)
}

function compareSettled(record: DeviceRecord, mark: Mark | undefined, event: CheckedEvent): Arrival {
  if (mark === undefined) return event.seq <= (record.start ?? 0) ? 'before-our-time' : 'before-lookup'
  return mark.eventId === event.eventId ? 'duplicate' : 'equivocation'
}

/** Whether the hashes agree with the events next to it, as far as these are here. */
function linksUp(record: DeviceRecord, event: CheckedEvent): boolean {
  const before = idBefore(record, event.seq)
  const after = heldAt(record, event.seq + 1)
  return (before === undefined || before === event.prev) && (after === undefined || after.prev === event.eventId)
}

function idBefore(record: DeviceRecord, seq: number): EventId | '' | undefined {
  if (seq - 1 !== record.head.seq) return heldAt(record, seq - 1)?.eventId
  return isUnproven(record) ? undefined : record.head.eventId
}

/** Deps with the numbers of those that are settled; undefined when the store was not asked for one of these. */
function resolve(log: Log, event: CheckedEvent, find: Find): HeldDep[] | undefined {
  const deps: HeldDep[] = []
  for (const dep of event.deps) {
    const author = log.devices.get(dep.device)
    const settled = author !== undefined && dep.seq <= author.head.seq
    if ((settled && dep.seq <= (author.start ?? 0)) || (!settled && author?.past === true)) {
      deps.push({ ...dep, lamport: 0 })
      continue
    }
    const mark = settled ? find(author, dep.seq) : undefined
    if (settled && mark === undefined) return undefined
    deps.push({ ...dep, lamport: mark?.eventId === dep.eventId ? mark.lamport : undefined })
  }
  return deps
}

function hold(log: Log, record: DeviceRecord, event: CheckedEvent, deps: readonly HeldDep[]): void {
  const { seq, eventId, prev, lamport, floor } = event
  const held = { seq, eventId, prev, lamport, floor, deps, since: log.now, waited: false, shown: false }
  log.devices.set(record.device, { ...record, held: record.held.toSpliced(heldIndex(record.held, seq), 0, held) })
}
