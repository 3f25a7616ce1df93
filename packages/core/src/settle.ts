import { lamportOf, type Log } from './log.ts'
import { isUnproven } from './devices.ts'
import { MAX_LAMPORT, MAX_LAMPORT_LEAP } from './parameters.ts'
import type { DeviceRecord, HeldDep, HeldEvent } from './state.ts'

/**
 * Takes every held event that has become complete into its chain: the one before it and all that it names are
 * settled. The result does not depend on the order of arrival. Only now its number is known: what its author says of it decides nothing.
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
  const lamport = numberOf(log, record, next)
  if (lamport === undefined) return false
  append(log, record, { ...next, lamport }, next.lamport !== lamport)
  return true
}

/**
 * One more than the highest of what it follows and names, and than its epoch's floor; undefined while one of these is not settled. Where some of this is
 * not here (it was before our time, or its author has got another event in that place than we have), what the author says is believed, up to so far above
 * the floor: what is believed is no ground for believing more.
 */
function numberOf(log: Log, record: DeviceRecord, event: HeldEvent): number | undefined {
  let highest = Math.max(record.head.lamport, event.floor ?? 0)
  let isWhole = event.floor !== undefined && !isUnproven(record)
  for (const dep of event.deps) {
    const lamport = lamportOf(log, dep)
    if (lamport === undefined && !isTakenByAnother(log, dep)) return undefined
    if (lamport === undefined || lamport === 0) isWhole = false
    else highest = Math.max(highest, lamport)
  }
  const said = isWhole ? 0 : Math.min(event.lamport, log.floor + MAX_LAMPORT_LEAP)
  return Math.min(Math.max(said, highest + 1), MAX_LAMPORT)
}

/**
 * Whether the place of a named event has another one, settled, or is behind one that has. Of an event that is settled under this id the number is
 * noted when it is.
 */
function isTakenByAnother(log: Log, { device, seq }: HeldDep): boolean {
  const author = log.devices.get(device)
  return author !== undefined && (seq <= author.head.seq || seq >= (author.forked ?? Infinity))
}

function append(log: Log, record: DeviceRecord, event: HeldEvent, isRenumbered: boolean): void {
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
  if (isRenumbered) log.renumbered.push({ device: record.device, seq, lamport })
}
