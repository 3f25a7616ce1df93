import { lamportOf, type Log } from './log.ts'
import { MAX_LAMPORT_LEAP } from './parameters.ts'
import type { DeviceRecord, HeldDep, HeldEvent } from './state.ts'

/**
 * Takes every held event that has become complete into its chain: the one before it and all that it names are
 * settled. The result does not depend on the order of arrival. An event whose lamport number is then wrong goes.
 */
export function settle(log: Log): void {
  let settled = true
  while (settled) {
    settled = false
    for (const device of log.devices.keys()) {
      while (settleNext(log, log.devices.get(device))) settled = true
    }
  }
}

function settleNext(log: Log, record: DeviceRecord | undefined): boolean {
  const next = record?.held[0]
  if (record === undefined || next === undefined || next.seq !== record.head.seq + 1) return false
  const expected = expectedLamport(log, record, next)
  if (expected === undefined) return false
  if (expected !== next.lamport) drop(log, record, next)
  else append(log, record, next)
  return true
}

/**
 * One more than the highest of what it follows and names; undefined while one of these is not settled. What names another event than the one that is
 * settled in that place was said by somebody who got another one there than we did: its number is believed, so far, or its chain would stand still.
 */
function expectedLamport(log: Log, record: DeviceRecord, event: HeldEvent): number | undefined {
  let highest = record.head.lamport
  let isTaken = false
  for (const dep of event.deps) {
    const lamport = lamportOf(log, dep)
    if (lamport === undefined && !isTakenByAnother(log, dep)) return undefined
    if (lamport === undefined) isTaken = true
    else highest = Math.max(highest, lamport)
  }
  if (!isTaken || event.lamport <= highest) return highest + 1
  return event.lamport - highest <= MAX_LAMPORT_LEAP ? event.lamport : undefined
}

/**
 * Whether the place of a named event has another one, settled, or is behind one that has. Of an event that is settled under this id the number is
 * noted when it is.
 */
function isTakenByAnother(log: Log, { device, seq }: HeldDep): boolean {
  const author = log.devices.get(device)
  return author !== undefined && (seq <= author.head.seq || seq >= (author.forked ?? Infinity))
}

function append(log: Log, record: DeviceRecord, event: HeldEvent): void {
  const { seq, eventId, lamport } = event
  for (const dep of event.deps) {
    const author = log.devices.get(dep.device)
    if (author?.head.seq === dep.seq) log.devices.set(dep.device, { ...author, covered: true })
  }
  log.devices.set(record.device, {
    ...record,
    head: { seq, eventId, lamport },
    covered: false,
    recent: [...record.recent, { eventId, lamport }],
    held: record.held.slice(1),
  })
  if (!event.shown) log.shown.push({ device: record.device, seq, eventId, lamport })
}

function drop(log: Log, record: DeviceRecord, event: HeldEvent): void {
  // What stands on it may be on display already: then there is a gap in its place.
  const declared = event.shown ? Math.max(record.declared, event.seq) : record.declared
  log.devices.set(record.device, { ...record, declared, held: record.held.slice(1) })
  log.dropped.push({ device: record.device, seq: event.seq })
}
