import type { DeviceId } from '@sotto/interface'

import { heldAt, markOf } from './devices.ts'
import { trackMissing } from './missing.ts'
import { RECENT } from './parameters.ts'
import type { ConversationState, DeviceRecord, HeldDep, HeldEvent } from './state.ts'
import type { KnownEvent, Position } from './types.ts'

/** The devices of a conversation while one input is applied to them. Remembers more than the state does, until closed. */
export interface Log {
  readonly devices: Map<DeviceId, DeviceRecord>
  readonly now: number
  /** Of the epoch that we are in. */
  readonly floor: number
  /** Became visible during this input. */
  readonly shown: KnownEvent[]
  /** Stored or shown before, and turned out during this input to have another number than its author says. */
  readonly renumbered: (Position & { readonly lamport: number })[]
}

export function openLog(state: ConversationState, now: number): Log {
  const devices = new Map(state.devices.map((record) => [record.device, record]))
  return { devices, now, floor: state.floor ?? 0, shown: [], renumbered: [] }
}

/** Back to a state of bounded size. */
export function closeLog(state: ConversationState, log: Log): ConversationState {
  const kept = [...log.devices.values()].map((record) => keepLamports(log, record))
  const short = kept.map((record) =>
    record.recent.length > RECENT ? { ...record, recent: record.recent.slice(-RECENT) } : record,
  )
  return { ...state, devices: trackMissing(short, log.now) }
}

/** The lamport number of a named event, once it is settled here under that id; 0 if it was before our time. */
export function lamportOf(log: Log, dep: HeldDep): number | undefined {
  if (dep.lamport !== undefined) return dep.lamport
  const author = log.devices.get(dep.device)
  const mark = author === undefined ? undefined : markOf(author, dep.seq)
  return mark?.eventId === dep.eventId ? mark.lamport : undefined
}

/** How a named event stands here. `absent` also stands for another event at that place, and for unknown authors. */
export type Standing = 'settled' | 'shown' | 'waiting' | 'declared' | 'absent'

export function standingOf(log: Log, dep: HeldDep): Standing {
  if (lamportOf(log, dep) !== undefined) return 'settled'
  const author = log.devices.get(dep.device)
  if (author === undefined) return 'absent'
  const held = heldAt(author, dep.seq)
  if (held !== undefined) return held.eventId !== dep.eventId ? 'absent' : held.shown ? 'shown' : 'waiting'
  return dep.seq > author.head.seq && dep.seq <= author.declared ? 'declared' : 'absent'
}

/** The event before a held one in its author's chain, in the form of a dep. */
export function prevOf(record: DeviceRecord, held: HeldEvent): HeldDep | undefined {
  if (held.prev === '') return undefined
  const settled = held.seq - 1 === record.head.seq ? record.head.lamport : undefined
  return { device: record.device, seq: held.seq - 1, eventId: held.prev, lamport: settled }
}

// A named event is forgotten long before what names it may settle, so its number is noted where it is needed.
function keepLamports(log: Log, record: DeviceRecord): DeviceRecord {
  const lacks = record.held.some(({ deps }) => deps.some((dep) => dep.lamport === undefined))
  if (!lacks) return record
  const held = record.held.map((event) => ({
    ...event,
    deps: event.deps.map((dep) => ({ ...dep, lamport: lamportOf(log, dep) })),
  }))
  return { ...record, held }
}
