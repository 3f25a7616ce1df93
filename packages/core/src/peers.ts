import type { AccountId, DeviceId } from '@sotto/interface'
import { fromHex, toHex } from '@sotto/wire'

import { noteBegins, noteBeside, owedNothingTo } from './begins.ts'
import { findDevice, newDevice, replaceDevice } from './devices.ts'
import { askForMissing, askWhenConnected } from './gaps.ts'
import { MAX_SIGNED_HEAD_BYTES } from './parameters.ts'
import { sendReceipt } from './receipts.ts'
import { maySeal } from './rollback.ts'
import type { ConversationState, DeviceRecord, PeerHead } from './state.ts'
import { only, refusal, andThen } from './steps.ts'
import type { AfterEffect, Input, Start, Step } from './types.ts'

type Members = Extract<Input, { type: 'members' }>

/** The tip's roster. Whoever is not in it any more keeps its place in the log, but nothing waits for it. */
export function takeMembers(state: ConversationState, said: Members): Step {
  const owed = owedNothingTo(state, said)
  const input = owed === undefined ? said : { ...said, owed }
  const live = new Map(input.members.map(({ device, account }) => [device, account]))
  // Those who are out have left events, which others name.
  const spoken = (input.start ?? []).map(({ device, account }): [DeviceId, AccountId] => [device, account])
  const added = [...new Map([...spoken, ...live])].filter(([device]) => findDevice(state, device) === undefined)
  const known = [
    ...state.devices,
    ...added.map(([device, account]) => ({
      ...newDevice(device, account),
      live: false,
      past: live.has(device) ? undefined : true,
    })),
  ]
  const devices = known
    .map((record) => ({
      ...enter(state, begun(state, record, input), input, live),
      live: live.has(record.device),
      ...(live.has(record.device) ? { past: undefined } : {}),
    }))
    .toSorted((a, b) => (a.device < b.device ? -1 : 1))
  const { epochId, floor = 0, start, returned } = input
  const entered = start === undefined || returned !== undefined ? state.entered : epochId
  const next = noteBeside({ ...state, devices, epochId, floor, entered }, input)
  const taken = { ...only(next), after: owedTo(state, next, input) }
  const isMistold = owed !== undefined && owed !== said.owed && comesIn(state, next) !== undefined
  if (!isMistold) return taken
  return andThen({ ...taken, state: noteBegins(next, owed) }, (told) => sendReceipt(told, 'soon'))
}

/** What was sealed for those before them is out already: whoever comes in gets it once more, without asking. */
function owedTo(before: ConversationState, next: ConversationState, input: Members): AfterEffect[] {
  const { devices, sealed } = next
  const { owed } = input
  // A store that may be an old copy seals nothing; then whoever came in asks.
  if (!maySeal(before)) return []
  const returned = devices.filter((record) => record.live && isReturned(before, record, input))
  const lowest = Math.min(...returned.map(({ acknowledged }) => acknowledged.delivered))
  const [first] = returned
  if (first !== undefined && lowest < sealed.seq)
    return [{ type: 'serve', device: first.device, firstSeq: lowest + 1, lastSeq: sealed.seq }]
  if (owed === undefined || owed >= sealed.seq) return []
  const entered = comesIn(before, next)
  return entered === undefined
    ? []
    : [{ type: 'serve', device: entered.device, firstSeq: owed + 1, lastSeq: sealed.seq }]
}

/** One of those who were not in, and are. */
function comesIn(before: ConversationState, { devices }: ConversationState): DeviceRecord | undefined {
  const wasLive = (device: DeviceId): boolean => findDevice(before, device)?.live === true
  return devices.find(({ device, live }) => live && device !== before.self && !wasLive(device))
}

/** We come in: what was before is not ours. */
function begun(state: ConversationState, record: DeviceRecord, { start, returned }: Members): DeviceRecord {
  const at = start?.find(({ device }) => device === record.device)
  if (at === undefined || record.device === state.self || returned !== undefined) return record
  if (at.seq > record.head.seq) return beginAt(record, at)
  return record.head.seq === 0 ? { ...record, start: 0 } : record
}

/** A device of the roster comes in: nothing from before is owed to it. */
function enter(
  state: ConversationState,
  record: DeviceRecord,
  input: Members,
  live: ReadonlyMap<DeviceId, AccountId>,
): DeviceRecord {
  const { owed } = input
  if (!live.has(record.device) || record.live || record.device === state.self) return record
  if (owed === undefined) return beside(state, record)
  // It was away: nothing is taken from it. What had reached all others without it stays so.
  if (isReturned(state, record, input)) return record
  const delivered = Math.max(record.acknowledged.delivered, Math.min(owed, state.sealed.seq))
  return { ...record, since: state.sealed.seq, acknowledged: { ...record.acknowledged, delivered } }
}

/**
 * Somebody is in on another path than the one that we followed: what we sealed there, whoever was in on neither has not had. It may ask for what came after
 * its commit.
 */
function beside(state: ConversationState, record: DeviceRecord): DeviceRecord {
  const { seq } = state.sealed
  const isKnown = findDevice(state, record.device) !== undefined
  const owed = state.besides?.find(({ device }) => device === record.device)?.seq
  const bound = owed ?? (isKnown ? 0 : seq)
  const delivered = Math.max(record.acknowledged.delivered, bound)
  const since = isKnown || seq === 0 ? record.since : seq
  return { ...record, since, acknowledged: { ...record.acknowledged, delivered } }
}

function isReturned({ self }: ConversationState, { device }: DeviceRecord, { returned }: Members): boolean {
  return device !== self && returned?.includes(device) === true
}

function beginAt(record: DeviceRecord, { seq }: Start): DeviceRecord {
  return {
    ...record,
    head: { seq, eventId: '', lamport: 0 },
    covered: false,
    recent: [],
    held: record.held.filter((event) => event.seq > seq),
    claimed: Math.max(record.claimed, seq),
    // What came before we were out is here still, read or not.
    read: record.head.seq === 0 ? seq : record.read,
    start: seq,
  }
}

/** Another device's head record, kept for it: should its store be rolled back, it hears of it from us. */
export function takePeerHead(state: ConversationState, input: Extract<Input, { type: 'peer-head' }>): Step {
  const { device, record, signed } = input
  const peer = device === state.self ? undefined : findDevice(state, device)
  if (peer === undefined) return refusal(state, 'not-a-member')
  if (toHex(record.conversation) !== state.conversation) return refusal(state, 'other-conversation')
  if (signed.length > MAX_SIGNED_HEAD_BYTES) return refusal(state, 'too-large')
  const { boot, seals } = record
  if (!isNewer(peer, { boot, seals })) return refusal(state, 'stale')
  return only(replaceDevice(state, { ...peer, peerHead: { boot, seals, signed: toHex(signed) } }))
}

/** A direct path is open: what is coalesced elsewhere goes over it at once. */
export function connect(state: ConversationState, input: Extract<Input, { type: 'connected' }>): Step {
  const { device, now } = input
  const peer = device === state.self ? undefined : findDevice(state, device)
  if (peer?.live !== true) return refusal(state, 'not-a-member')
  const head = peer.peerHead
  const receipt = andThen(only(askWhenConnected(state, device)), (next) => sendReceipt(next, 'now'))
  const asked = andThen(receipt, (next) => askForMissing(next, now))
  if (head === undefined) return asked
  return { ...asked, after: [...asked.after, { type: 'echo-head', device, signed: fromHex(head.signed) }] }
}

function isNewer({ peerHead }: DeviceRecord, { boot, seals }: Omit<PeerHead, 'signed'>): boolean {
  if (peerHead === undefined || boot > peerHead.boot) return true
  return boot === peerHead.boot && seals > peerHead.seals
}
