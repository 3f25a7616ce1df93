import type { AccountId, DeviceId } from '@sotto/interface'
import { fromHex, toHex } from '@sotto/wire'

import { beginAt, findDevice, isUnproven, newDevice, replaceDevice } from './devices.ts'
import { askForMissing, askWhenConnected } from './gaps.ts'
import { MAX_BESIDES, MAX_SIGNED_HEAD_BYTES } from './parameters.ts'
import { sendReceipt } from './receipts.ts'
import { maySeal } from './rollback.ts'
import type { ConversationState, DeviceRecord, PeerHead } from './state.ts'
import { only, refusal, andThen } from './steps.ts'
import type { AfterEffect, Input, Step } from './types.ts'

type Members = Extract<Input, { type: 'members' }>

/** The tip's roster. Whoever is not in it any more keeps its place in the log, but nothing waits for it. */
export function takeMembers(before: ConversationState, said: Members): Step {
  const state = withoutAnew(before, said)
  const owed = owedNothingUpTo(state, said)
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
  const { epochId, floor = 0 } = input
  const besides = (state.besides ?? []).filter(({ device }) => !live.has(device))
  const next = noteBeside({ ...state, devices, epochId, floor, besides }, input)
  const isTold = comingIn(state, next).some(({ device, begins = 0 }) =>
    isBy(said, device) ? begins !== said.owed : begins > 0,
  )
  return {
    // At the next look at the clock, under the keys that they have too.
    state: isTold ? { ...next, receipts: { ...next.receipts, due: 0 } } : next,
    persist: [],
    after: owedTo(state, next, input),
  }
}

/** As if we had seen them go. */
function withoutAnew(state: ConversationState, { anew = [] }: Members): ConversationState {
  if (anew.length === 0) return state
  const isAnew = ({ device }: DeviceRecord): boolean => device !== state.self && anew.includes(device)
  return { ...state, devices: state.devices.map((record) => (isAnew(record) ? { ...record, live: false } : record)) }
}

/**
 * Up to which of our events those who come in are owed nothing: as the committer knew our log, but not less than what was before its own time; else it would
 * get, by somebody whom it lets in, what was never for it. And not more than there is.
 */
function owedNothingUpTo(
  state: ConversationState,
  { owed, committer }: Pick<Members, 'owed' | 'committer'>,
): number | undefined {
  if (owed === undefined) return undefined
  return Math.min(Math.max(owed, committer === undefined ? 0 : timeOf(state, committer)), state.sealed.seq)
}

/** Whether that device comes in by the commit whose word `owed` is, and not further back on a way that we did not go. */
function isBy({ owed, from }: Members, device: DeviceId): boolean {
  return owed !== undefined && from?.includes(device) !== true
}

/** Our events up to here were before that device's own time. Of one that is not in where we are, we know no more than what was noted beside that. */
function timeOf(state: ConversationState, device: DeviceId): number {
  const record = findDevice(state, device)
  if (record?.live === true) return record.begins ?? 0
  return state.besides?.find((one) => one.device === device)?.seq ?? state.sealed.seq
}

/** By a commit beside the path somebody comes in: should it be on the path in the end, that one is owed no more than by any other. */
function noteBeside(state: ConversationState, { beside }: Members): ConversationState {
  if (beside === undefined) return state
  const owed = owedNothingUpTo(state, beside) ?? state.sealed.seq
  const noted = beside.added
    .filter((device) => findDevice(state, device)?.live !== true)
    .map((device) => {
      // Whoever comes back is owed what it has not acknowledged.
      const had = findDevice(state, device)?.acknowledged.delivered ?? 0
      return { device, seq: beside.returned.includes(device) ? had : owed }
    })
  const others = (state.besides ?? []).filter(({ device }) => !beside.added.includes(device))
  return { ...state, besides: [...others, ...noted].slice(-MAX_BESIDES) }
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
  const entered = comingIn(before, next).find(({ device }) => isBy(input, device))
  return entered === undefined
    ? []
    : [{ type: 'serve', device: entered.device, firstSeq: owed + 1, lastSeq: sealed.seq }]
}

/** Those who were not in, and are. */
function comingIn(before: ConversationState, { devices }: ConversationState): readonly DeviceRecord[] {
  const wasLive = (device: DeviceId): boolean => findDevice(before, device)?.live === true
  return devices.filter(({ device, live }) => live && device !== before.self && !wasLive(device))
}

/** We come in: what was before is not ours. What we were told before, and nothing has followed, does not count against it. */
function begun(state: ConversationState, record: DeviceRecord, { start, returned }: Members): DeviceRecord {
  const at = start?.find(({ device }) => device === record.device)
  if (at === undefined || record.device === state.self) return record
  if (returned !== undefined) return { ...record, start: record.start ?? 0 }
  const seq = Math.max(at.seq, record.had ?? 0)
  if (seq > record.head.seq || isUnproven(record)) return beginAt(record, seq)
  return { ...record, start: record.start ?? 0 }
}

/** A device of the roster comes in: nothing from before is owed to it. */
function enter(
  state: ConversationState,
  record: DeviceRecord,
  input: Members,
  live: ReadonlyMap<DeviceId, AccountId>,
): DeviceRecord {
  if (!live.has(record.device) || record.live || record.device === state.self) return record
  // It was away: nothing is taken from it. What had reached all others without it stays so.
  if (isReturned(state, record, input)) return record
  const from = beginsFor(state, record, input)
  if (from === undefined) return record
  // What it has had before is nothing that it is owed.
  const begins = Math.max(record.acknowledged.delivered, from)
  const acknowledged = { ...record.acknowledged, delivered: begins }
  return { ...record, since: state.sealed.seq, begins, acknowledged }
}

/**
 * After which of our events the log is for whoever comes in. Where we did not follow its commit as part of the path (it was beside it, or we were not in):
 * after all that is sealed, unless that commit was followed beside it. Undefined for one that has only been on another branch than we.
 */
function beginsFor(state: ConversationState, { device, past }: DeviceRecord, input: Members): number | undefined {
  const { seq } = state.sealed
  if (isBy(input, device)) return input.owed
  const noted = state.besides?.find((one) => one.device === device)
  if (noted !== undefined) return noted.seq
  const isKnown = findDevice(state, device) !== undefined && past !== true
  if (seq === 0 || (isKnown && input.start === undefined)) return undefined
  return seq
}

function isReturned({ self }: ConversationState, { device }: DeviceRecord, { returned }: Members): boolean {
  return device !== self && returned?.includes(device) === true
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
