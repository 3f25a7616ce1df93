import { findDevice, markOf, ownRecord } from './devices.ts'
import type { ConversationState, DeviceRecord, Mark } from './state.ts'
import type { Input, KnownEvent, Position } from './types.ts'

/** A settled event's mark from the state or, when it is older, from what the store was asked for. */
export type Find = (record: DeviceRecord, seq: number) => Mark | undefined

/** A position as one text, for maps and sets. */
export function keyOf({ device, seq }: Position): string {
  return `${device}:${seq}`
}

export function finder(known: readonly KnownEvent[]): Find {
  const older = new Map(known.map((event) => [keyOf(event), event]))
  return (record, seq) => markOf(record, seq) ?? older.get(keyOf({ device: record.device, seq }))
}

/**
 * The stored events that an input speaks of and that the state does not remember any more: the caller reads their
 * rows and gives them as `known`. Nearly always none. Without them the input is refused (`before-lookup`).
 */
export function lookups(state: ConversationState, input: Input): readonly Position[] {
  return [
    ...new Map(namedBy(state, input).map(({ device, seq }) => [keyOf({ device, seq }), { device, seq }])).values(),
  ].filter(({ device, seq }) => {
    const record = findDevice(state, device)
    return record !== undefined && seq >= 1 && seq <= record.head.seq && markOf(record, seq) === undefined
  })
}

function namedBy(state: ConversationState, input: Input): readonly Position[] {
  if (input.type === 'opened') {
    return input.seal.events.flatMap(({ device, seq, deps }) => [{ device, seq }, ...deps])
  }
  if (input.type === 'served') return input.events.flatMap(({ device, seq, deps }) => [{ device, seq }, ...deps])
  if (input.type !== 'head-record' || input.record?.own === undefined) return []
  return [{ device: ownRecord(state).device, seq: input.record.own.seq }]
}
