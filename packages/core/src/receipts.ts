import type { DeviceId, EventId } from '@sotto/interface'
import { encodeReceipt, fromHex, MAX_DEVICES, MAX_LACKING, toHex, type Receipt } from '@sotto/wire'

import { deliveredOf, findDevice, isUnproven, liveOthers, markOf, replaceDevice } from './devices.ts'
import { trackMissing } from './missing.ts'
import { RECEIPT_LATEST, RECEIPT_SOONEST } from './parameters.ts'
import { vouch } from './rollback.ts'
import type { Acknowledged, ConversationState, DeviceRecord } from './state.ts'
import { only, refusal } from './steps.ts'
import type { Input, Refusal, Step, Via } from './types.ts'

/** The join of two receipts' words about our events: the same whatever their order, and never lower than either. */
export function joinAcknowledged(a: Acknowledged, b: Acknowledged): Acknowledged {
  return {
    counter: Math.max(a.counter, b.counter),
    delivered: Math.max(a.delivered, b.delivered),
    read: Math.max(a.read, b.read),
    control: Math.max(a.control ?? 0, b.control ?? 0),
  }
}

/** Something of others is stored: they are told at once on a direct path, else when several such words can go together. */
export function noteDelivery(
  state: ConversationState,
  { via, now, jitter }: { via: Via; now: number; jitter: number },
): Step {
  const due = { ...state, receipts: { ...state.receipts, due: dueAt(state, now, jitter) } }
  return via === 'direct' ? sendReceipt(due, 'now') : only(due)
}

/** Control things of others are stored: their authors are told as of events. */
export function noteControl(state: ConversationState, input: Extract<Input, { type: 'control' }>): Step {
  const record = input.device === state.self ? undefined : findDevice(state, input.device)
  if (record === undefined || input.cseq <= (record.control ?? 0)) return only(state)
  return noteDelivery(replaceDevice(state, { ...record, control: input.cseq }), input)
}

/** What others' control things stand on and nobody has brought: all are told, so that whoever has it gives it. */
export function noteLacking(
  state: ConversationState,
  { things, now, jitter }: Extract<Input, { type: 'lacking' }>,
): Step {
  const before = state.lacking ?? []
  const lacking = things.slice(0, MAX_LACKING)
  if (lacking.length === before.length && lacking.every((thing) => before.includes(thing))) return only(state)
  const next = { ...state, lacking }
  return lacking.every((thing) => before.includes(thing))
    ? only(next)
    : noteDelivery(next, { via: 'mailbox', now, jitter })
}

/** A person saw events of others. */
export function markRead(state: ConversationState, input: Extract<Input, { type: 'read' }>): Step {
  let next = state
  for (const { device, seq } of input.upTo) {
    const record = device === state.self ? undefined : findDevice(next, device)
    if (record === undefined) continue
    const read = Math.min(seq, deliveredOf(record))
    if (read > record.read) next = replaceDevice(next, { ...record, read })
  }
  if (next === state) return only(state)
  return noteDelivery(next, { ...input, via: input.direct ? 'direct' : 'mailbox' })
}

/** The receipt with everything up to now, if there is one to send. */
export function sendDueReceipt(state: ConversationState, at: 'now' | 'soon'): Step {
  return state.receipts.due === undefined ? only(state) : sendReceipt(state, at)
}

/** A receipt, also when it says nothing new. None while receipts are held back. */
export function sendReceipt(state: ConversationState, at: 'now' | 'soon'): Step {
  if (!state.receipts.on) return only(state)
  const counter = state.receipts.counter + 1
  // Of more than fit, those who are in.
  const progress = state.devices
    .filter(({ device }) => device !== state.self)
    .toSorted((a, b) => Number(b.live) - Number(a.live))
    .map((record) => ({
      device: fromHex(record.device),
      delivered: hasOf(record),
      read: readOf(record),
      control: record.control ?? 0,
      ...(record.begins === undefined || !record.live ? {} : { begins: record.begins }),
    }))
    .filter(({ delivered, control, begins }) => delivered > 0 || control > 0 || begins !== undefined)
    .slice(0, MAX_DEVICES)
  const body = encodeReceipt({
    conversation: fromHex(state.conversation),
    epochId: fromHex(state.epochId),
    counter,
    progress,
    own: { seq: state.sealed.seq, eventId: fromHex(state.sealed.eventId) },
    lacking: (state.lacking ?? []).map((thing) => fromHex(thing)),
  })
  return {
    state: { ...state, receipts: { ...state.receipts, counter, due: undefined } },
    persist: [{ type: 'receipt-due', body, at }],
    after: [],
  }
}

/** Up to here everything of that device is here, or was before our time. Nothing, where only a committer speaks of it. */
function hasOf(record: DeviceRecord): number {
  const delivered = deliveredOf(record)
  return isUnproven(record) && delivered === record.head.seq ? 0 : delivered
}

/** Up to here a person has read what that device said. What was before we came in is not unread, and nobody has read it here. */
function readOf(record: DeviceRecord): number {
  const read = Math.min(record.read, hasOf(record))
  return read <= (record.start ?? 0) ? 0 : read
}

/** What another device says that it has of our events, and how far its own go. */
export function takeReceipt(state: ConversationState, input: Extract<Input, { type: 'receipt' }>): Step {
  const { device, receipt, via, now } = input
  const record = device === state.self ? undefined : findDevice(state, device)
  const reason = record === undefined ? 'not-a-member' : refusalOf(state, record, receipt)
  if (record === undefined || reason !== undefined) {
    return refusal(doubt(state, reason), reason ?? 'not-a-member')
  }
  const acknowledged = joinAcknowledged(record.acknowledged, wordOf(state, receipt))
  const claimed = Math.max(record.claimed, receipt.own?.seq ?? 0)
  const taken = hear(replaceDevice(state, { ...record, acknowledged, claimed }), device, receipt)
  // Over a direct path it is today's word; a relay could give an old one.
  const next = via === 'direct' ? vouch(taken, device, now) : taken
  const newest = receipt.counter > record.acknowledged.counter
  return {
    state: { ...next, devices: trackMissing(next.devices, now) },
    persist: newest ? [{ type: 'put-receipt', device, counter: receipt.counter }] : [],
    after: [],
  }
}

/** What it has of third devices is somewhere, then; so we may ask for it. */
function hear(state: ConversationState, from: DeviceId, { progress }: Receipt): ConversationState {
  const said = new Map(progress.map(({ device, delivered }) => [toHex<DeviceId>(device), delivered]))
  const devices = state.devices.map((record) => {
    const delivered = said.get(record.device) ?? 0
    const isThird = record.device !== state.self && record.device !== from
    return isThird && delivered > Math.max(deliveredOf(record), record.heard ?? 0)
      ? { ...record, heard: delivered }
      : record
  })
  return { ...state, devices }
}

function refusalOf(state: ConversationState, record: DeviceRecord, receipt: Receipt): Refusal | undefined {
  if (toHex(receipt.conversation) !== state.conversation) return 'other-conversation'
  if (wordOf(state, receipt).delivered > state.sealed.seq) return 'ahead'
  const { seq, eventId } = receipt.own ?? { seq: 0, eventId: new Uint8Array() }
  const mark = markOf(record, seq)
  if (mark !== undefined && mark.eventId !== toHex<EventId>(eventId)) return 'equivocation'
  return undefined
}

function wordOf(state: ConversationState, { counter, progress }: Receipt): Acknowledged {
  const ours = progress.find(({ device }) => toHex<DeviceId>(device) === state.self)
  return { counter, delivered: ours?.delivered ?? 0, read: ours?.read ?? 0, control: ours?.control ?? 0 }
}

// A member may lie, so its word alone retires nothing; but it is not taken as proof of the opposite either.
function doubt(state: ConversationState, reason: Refusal | undefined): ConversationState {
  if (reason !== 'ahead' || state.rollback.stage !== 'checking' || state.rollback.doubted) return state
  return { ...state, rollback: { ...state.rollback, doubted: true } }
}

function dueAt(state: ConversationState, now: number, jitter: number): number {
  const at = Math.round(now + RECEIPT_SOONEST + jitter * (RECEIPT_LATEST - RECEIPT_SOONEST))
  return Math.min(state.receipts.due ?? at, at)
}

/** Up to here, every live device but ours has our events. */
export function everyoneHas(state: ConversationState): number {
  const others = liveOthers(state)
  return others.length === 0 ? 0 : Math.min(...others.map(({ acknowledged }) => acknowledged.delivered))
}
