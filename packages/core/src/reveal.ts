import type { DeviceId } from '@sotto/interface'

import { heldIndex } from './devices.ts'
import { prevOf, standingOf, type Log } from './log.ts'
import { GAP_AFTER } from './parameters.ts'
import type { DeviceRecord, HeldDep, HeldEvent } from './state.ts'

interface Waiting {
  readonly device: DeviceId
  readonly event: HeldEvent
}

/**
 * Declares what has been missing for too long: for each event that waited {@link GAP_AFTER}, or that fills a gap on
 * display, everything absent among what it stands on, however far back. Nothing is shown before something that is
 * here, not even then.
 */
export function declareGaps(log: Log): void {
  const open: Waiting[] = []
  for (const record of log.devices.values()) {
    for (const event of record.held) {
      const late = event.seq <= record.declared || log.now - event.since >= GAP_AFTER
      if (late && !event.shown) open.push({ device: record.device, event })
    }
  }
  for (let next = open.pop(); next !== undefined; next = open.pop()) open.push(...declareBelow(log, next))
}

/** Shows every held event that stands on nothing but shown events and declared gaps. */
export function reveal(log: Log): void {
  let shown = true
  while (shown) {
    shown = false
    for (const device of log.devices.keys()) if (revealIn(log, device)) shown = true
  }
}

/** Marks one event as having waited; answers the held events that it stands on. */
function declareBelow(log: Log, { device, event }: Waiting): Waiting[] {
  const below: Waiting[] = []
  const record = log.devices.get(device)
  const at = record === undefined ? 0 : heldIndex(record.held, event.seq)
  const current = record?.held[at]
  if (record === undefined || current === undefined || current.waited) return below
  log.devices.set(device, { ...record, held: record.held.with(at, { ...current, waited: true }) })
  // Also when the event right before it is missing: that one stands on these.
  const earlier = record.held[at - 1]
  if (earlier !== undefined && !earlier.waited) below.push({ device, event: earlier })
  for (const dep of foundations(record, current)) {
    const author = log.devices.get(dep.device)
    if (author === undefined || author.past === true || dep.seq <= author.head.seq) continue
    const held = author.held[heldIndex(author.held, dep.seq)]
    if (held?.seq === dep.seq) below.push({ device: dep.device, event: held })
    else log.devices.set(dep.device, { ...author, declared: Math.max(author.declared, dep.seq) })
  }
  return below
}

function revealIn(log: Log, device: DeviceId): boolean {
  let revealed = false
  for (;;) {
    const record = log.devices.get(device)
    const at = record?.held.findIndex((event) => !event.shown) ?? -1
    const event = record?.held[at]
    if (record === undefined || event === undefined || !mayShow(log, record, event)) return revealed
    log.devices.set(device, { ...record, held: record.held.with(at, { ...event, shown: true }) })
    log.shown.push({ device, seq: event.seq, eventId: event.eventId, lamport: event.lamport })
    revealed = true
  }
}

function mayShow(log: Log, record: DeviceRecord, event: HeldEvent): boolean {
  return foundations(record, event).every((dep) => {
    const standing = standingOf(log, dep)
    return standing === 'absent' ? event.waited : standing !== 'waiting'
  })
}

function foundations(record: DeviceRecord, event: HeldEvent): readonly HeldDep[] {
  const prev = prevOf(record, event)
  return prev === undefined ? event.deps : [prev, ...event.deps]
}
