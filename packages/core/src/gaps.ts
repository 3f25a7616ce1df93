import type { AccountId, DeviceId } from '@sotto/interface'
import { fromHex, MAX_FETCH_EVENTS } from '@sotto/wire'

import { findDevice, liveOthers, replaceDevice } from './devices.ts'
import { missingSpans } from './missing.ts'
import { compareEvents, type Placed } from './order.ts'
import { ASK_OTHERS_FOR, FETCH_AFTER, FETCH_AT_LEAST_EVERY, FETCH_EVERY, GAP_AFTER, SERVE_EVERY } from './parameters.ts'
import type { ConversationState, DeviceRecord, HeldEvent, Missing, Span } from './state.ts'
import type { AfterEffect, Step } from './types.ts'

/** Events of one author that are known to exist and that nobody supplied in time. */
export interface Gap extends Span {
  readonly author: DeviceId
  readonly account: AccountId
  /** The first shown event, in display order, that stands on the missing ones; none when they are the newest. */
  readonly before: Placed | undefined
}

/** What a view marks as missing. Filled in place when the events come after all. */
export function visibleGaps(state: ConversationState): readonly Gap[] {
  return state.devices.flatMap((record) =>
    missingSpans(record, record.declared).map((span) => ({
      ...span,
      author: record.device,
      account: record.account,
      before: firstUpon(state, record.device, span),
    })),
  )
}

/** A visible gap at the end of a chain: the author said that there is more, and it did not come. */
export function declareTails(devices: Iterable<DeviceRecord>, now: number): DeviceRecord[] {
  return [...devices].map((record) => {
    const { missing, claimed, declared } = record
    const due = missing !== undefined && claimed > declared && now - missing.since >= GAP_AFTER
    return due ? { ...record, declared: claimed } : record
  })
}

/** When the missing events of that author are to be asked for next, in ms since 1970; undefined while nobody can be asked. */
export function askAt(state: ConversationState, record: DeviceRecord): number | undefined {
  const { missing } = record
  if (!state.receipts.on || record.device === state.self || missing === undefined) return undefined
  const at = turnAt(missing)
  if (record.live && !asksAnyone(state, record)) return at
  // One after the other: whoever answers takes one request of ours in this time.
  const paced = Math.max(at, ...state.devices.map((one) => (asksAnyone(state, one) ? pacedBy(one) : 0)))
  const isInTime = record.live || paced - missing.since < ASK_OTHERS_FOR
  return isInTime && asksAnyone(state, record) ? paced : undefined
}

/** Others are asked for what its author does not give: because it is out, or has not answered. */
function asksAnyone(state: ConversationState, { live, missing, device }: DeviceRecord): boolean {
  if (missing === undefined) return false
  const others = liveOthers(state).filter((other) => other.device !== device).length
  return others > 0 && (!live || missing.tries > 0)
}

function pacedBy({ missing }: DeviceRecord): number {
  return missing === undefined || missing.asked === 0 ? 0 : missing.asked + SERVE_EVERY
}

function turnAt({ since, asked, tries }: Missing): number {
  const first = since + FETCH_AFTER
  if (asked === 0) return first
  const pause = Math.min(FETCH_EVERY * 2 ** Math.max(0, tries - 1), FETCH_AT_LEAST_EVERY)
  return Math.max(first, asked + pause)
}

/** Asks for everything whose turn it is. */
export function askForMissing(state: ConversationState, now: number): Step {
  const after: AfterEffect[] = []
  let next = state
  for (const record of state.devices) {
    const { missing } = record
    const at = askAt(next, record)
    if (missing === undefined || at === undefined || now < at) continue
    const asked = ask(next, record, missing, now)
    next = asked.state
    after.push(asked.effect)
  }
  return { state: next, persist: [], after }
}

/** Its author, or somebody who may have what those left who are out, is at the other end of a direct path: nothing waits for a later request. */
export function askWhenConnected(state: ConversationState, device: DeviceId): ConversationState {
  const devices = state.devices.map((record) =>
    record.device === device || !record.live ? withoutTries(record) : record,
  )
  return { ...state, devices }
}

/** Somebody has answered: the rest is asked for soon. */
export function askOn(state: ConversationState, author: DeviceId): ConversationState {
  const record = findDevice(state, author)
  return record === undefined ? state : replaceDevice(state, withoutTries(record))
}

function withoutTries(record: DeviceRecord): DeviceRecord {
  const { missing } = record
  return missing === undefined || missing.tries === 0 ? record : { ...record, missing: { ...missing, tries: 0 } }
}

function ask(
  state: ConversationState,
  record: DeviceRecord,
  missing: Missing,
  now: number,
): { state: ConversationState; effect: AfterEffect } {
  const { from, to, tries } = missing
  const counter = state.fetches + 1
  const fetch = {
    conversation: fromHex(state.conversation),
    author: fromHex(record.device),
    fromSeq: from,
    toSeq: Math.min(to, from + MAX_FETCH_EVENTS - 1),
    counter,
  }
  const anyone = asksAnyone(state, record)
  const next = replaceDevice(state, { ...record, missing: { ...missing, asked: now, tries: tries + 1 } })
  return { state: { ...next, fetches: counter }, effect: { type: 'fetch', fetch, anyone } }
}

function firstUpon(state: ConversationState, author: DeviceId, span: Span): Placed | undefined {
  let first: HeldEvent | undefined
  for (const { device, held } of state.devices) {
    for (const event of held) {
      const upon = standsOn(event, device, author, span)
      if (upon && event.shown && (first === undefined || compareEvents(event, first) < 0)) first = event
    }
  }
  return first === undefined ? undefined : { lamport: first.lamport, eventId: first.eventId }
}

function standsOn(event: HeldEvent, device: DeviceId, author: DeviceId, { from, to }: Span): boolean {
  const within = (seq: number): boolean => seq >= from && seq <= to
  if (device === author && within(event.seq - 1)) return true
  return event.deps.some((dep) => dep.device === author && within(dep.seq))
}
