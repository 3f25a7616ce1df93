import type { AccountId, DeviceId } from '@sotto/interface'

import type { ConversationState, DeviceRecord, HeldEvent, Mark } from './state.ts'

/** A device of which nothing is known yet. */
export function newDevice(device: DeviceId, account: AccountId): DeviceRecord {
  return {
    device,
    account,
    live: true,
    head: { seq: 0, eventId: '', lamport: 0 },
    covered: false,
    recent: [],
    held: [],
    claimed: 0,
    heard: undefined,
    declared: 0,
    missing: undefined,
    read: 0,
    start: undefined,
    had: undefined,
    past: undefined,
    forked: undefined,
    since: undefined,
    begins: undefined,
    control: undefined,
    acknowledged: { counter: 0, delivered: 0, read: 0, control: undefined },
    asked: { counter: 0, at: 0 },
    peerHead: undefined,
  }
}

export function findDevice(state: ConversationState, device: DeviceId): DeviceRecord | undefined {
  return state.devices.find((record) => record.device === device)
}

/** Our own device's record. */
export function ownRecord(state: ConversationState): DeviceRecord {
  const own = findDevice(state, state.self)
  if (own === undefined) throw new TypeError('A conversation always knows its own device.')
  return own
}

export function replaceDevice(state: ConversationState, next: DeviceRecord): ConversationState {
  return { ...state, devices: state.devices.map((record) => (record.device === next.device ? next : record)) }
}

/** Devices in the tip's roster other than our own. */
export function liveOthers(state: ConversationState): readonly DeviceRecord[] {
  return state.devices.filter(({ live, device }) => live && device !== state.self)
}

/** Every event of that device up to this one is stored here. */
export function deliveredOf(record: DeviceRecord): number {
  let seq = record.head.seq
  for (const held of record.held) {
    if (held.seq !== seq + 1) break
    seq = held.seq
  }
  return seq
}

/** What is remembered of a settled event, if it is among the newest. */
export function markOf({ recent, head }: DeviceRecord, seq: number): Mark | undefined {
  return recent[recent.length - 1 - (head.seq - seq)]
}

/** Where our time begins, a committer has said, and nothing of that device has followed yet that would show whether it is so. */
export function isUnproven({ head }: DeviceRecord): boolean {
  return head.seq > 0 && head.eventId === ''
}

/** Our time begins after that event of it: what follows is the first that is for us. */
export function beginAt(record: DeviceRecord, seq: number): DeviceRecord {
  const { head, had, held, start = 0, read, claimed } = record
  return {
    ...record,
    head: { seq, eventId: '', lamport: 0 },
    covered: false,
    recent: [],
    held: held.filter((event) => event.seq > seq),
    start: seq,
    // What was settled, or shown behind a gap: it does not come anew.
    had: Math.max(
      had ?? 0,
      head.eventId === '' ? 0 : head.seq,
      held.findLast((event) => event.shown && event.seq <= seq)?.seq ?? 0,
    ),
    // What came before we were out is here still, read or not, however often we were out since.
    read: head.seq === start && read >= start ? seq : Math.min(read, seq),
    // Who has spoken of more may have been wrong.
    claimed: seq < head.seq ? seq : Math.max(claimed, seq),
  }
}

/** The index of the first held event that is not before `seq`. */
export function heldIndex(held: readonly HeldEvent[], seq: number): number {
  let [low, high] = [0, held.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((held[middle]?.seq ?? seq) < seq) low = middle + 1
    else high = middle
  }
  return low
}

export function heldAt(record: DeviceRecord, seq: number): HeldEvent | undefined {
  const found = record.held[heldIndex(record.held, seq)]
  return found?.seq === seq ? found : undefined
}
