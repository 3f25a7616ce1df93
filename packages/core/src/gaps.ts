import type { AccountId, DeviceId } from '@sotto/interface'
import { encodeFetch, fromHex, MAX_FETCH_EVENTS } from '@sotto/wire'

import { findDevice, replaceDevice } from './devices.ts'
import { missingSpans } from './missing.ts'
import { compareEvents, type Placed } from './order.ts'
import { FETCH_AFTER, FETCH_AT_LEAST_EVERY, FETCH_EVERY, GAP_AFTER } from './parameters.ts'
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

/** When the author of these is to be asked next, in ms since 1970. */
export function askAt({ since, asked, tries }: Missing): number {
  const first = since + FETCH_AFTER
  if (asked === 0) return first
  const pause = Math.min(FETCH_EVERY * 2 ** Math.max(0, tries - 1), FETCH_AT_LEAST_EVERY)
  return Math.max(first, asked + pause)
}

/** Whether that author can be asked for its missing events: not before a request was accepted. */
export function mayAsk(state: ConversationState, record: DeviceRecord): boolean {
  return state.receipts.on && record.live && record.device !== state.self && record.missing !== undefined
}

/** Asks every author whose turn it is. */
export function askForMissing(state: ConversationState, now: number): Step {
  const after: AfterEffect[] = []
  let next = state
  for (const record of state.devices) {
    const { missing } = record
    if (missing === undefined || !mayAsk(state, record) || now < askAt(missing)) continue
    const asked = ask(next, record, missing, now)
    next = asked.state
    after.push(asked.effect)
  }
  return { state: next, persist: [], after }
}

/** The author is at the other end of a direct path: what waited for a later request is asked for now. */
export function askWhenConnected(state: ConversationState, device: DeviceId): ConversationState {
  const record = findDevice(state, device)
  if (record?.missing === undefined) return state
  return replaceDevice(state, { ...record, missing: { ...record.missing, tries: 0 } })
}

function ask(
  state: ConversationState,
  record: DeviceRecord,
  missing: Missing,
  now: number,
): { state: ConversationState; effect: AfterEffect } {
  const { from, to, tries } = missing
  const counter = state.fetches + 1
  const body = encodeFetch({
    conversation: fromHex(state.conversation),
    author: fromHex(record.device),
    fromSeq: from,
    toSeq: Math.min(to, from + MAX_FETCH_EVENTS - 1),
    counter,
  })
  const next = replaceDevice(state, { ...record, missing: { ...missing, asked: now, tries: tries + 1 } })
  return { state: { ...next, fetches: counter }, effect: { type: 'fetch', author: record.device, body } }
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
