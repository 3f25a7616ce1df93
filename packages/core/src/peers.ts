import { fromHex, toHex } from '@sotto/wire'

import { findDevice, newDevice, replaceDevice } from './devices.ts'
import { askForMissing, askWhenConnected } from './gaps.ts'
import { MAX_SIGNED_HEAD_BYTES } from './parameters.ts'
import { sendReceipt } from './receipts.ts'
import type { ConversationState, DeviceRecord, PeerHead } from './state.ts'
import { only, refusal, andThen } from './steps.ts'
import type { Input, Step } from './types.ts'

/** The tip's roster. Whoever is not in it any more keeps its place in the log, but nothing waits for it. */
export function takeMembers(state: ConversationState, input: Extract<Input, { type: 'members' }>): Step {
  const live = new Map(input.members.map(({ device, account }) => [device, account]))
  const kept = state.devices.map((record) => ({ ...record, live: live.has(record.device) }))
  const added = [...live].filter(([device]) => findDevice(state, device) === undefined)
  const all = [...kept, ...added.map(([device, account]) => newDevice(device, account))]
  const devices = all.toSorted((a, b) => (a.device < b.device ? -1 : 1))
  return only({ ...state, devices, epochId: input.epochId })
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
