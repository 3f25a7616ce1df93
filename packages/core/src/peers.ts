import type { AccountId, DeviceId } from '@sotto/interface'
import { fromHex, toHex } from '@sotto/wire'

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
export function takeMembers(state: ConversationState, input: Members): Step {
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
  const next = { ...state, devices, epochId: input.epochId }
  return { ...only(next), after: owedTo(state, next, input) }
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
  const wasLive = (device: DeviceId): boolean => findDevice(before, device)?.live === true
  const entered = devices.find(({ device, live }) => live && device !== before.self && !wasLive(device))
  return entered === undefined
    ? []
    : [{ type: 'serve', device: entered.device, firstSeq: owed + 1, lastSeq: sealed.seq }]
}

/** We come in: what was before is not ours. */
function begun(state: ConversationState, record: DeviceRecord, { start }: Members): DeviceRecord {
  const at = start?.find(({ device }) => device === record.device)
  return at === undefined || at.seq <= record.head.seq || record.device === state.self ? record : beginAt(record, at)
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

/** Somebody is in on another path than the one that we followed: what we sealed there, whoever was in on neither has not had. */
function beside(state: ConversationState, record: DeviceRecord): DeviceRecord {
  const isKnown = findDevice(state, record.device) !== undefined
  return isKnown || state.sealed.seq === 0 ? record : { ...record, since: state.sealed.seq }
}

function isReturned({ self }: ConversationState, { device }: DeviceRecord, { returned }: Members): boolean {
  return device !== self && returned?.includes(device) === true
}

function beginAt(record: DeviceRecord, { seq, eventId, lamport }: Start): DeviceRecord {
  return {
    ...record,
    head: { seq, eventId, lamport },
    covered: false,
    recent: [{ eventId, lamport }],
    held: record.held.filter((event) => event.seq > seq),
    claimed: Math.max(record.claimed, seq),
    // What came before we were out is here still, read or not.
    read: record.head.seq === 0 ? seq : record.read,
    start: seq - 1,
    first: { eventId, lamport },
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
