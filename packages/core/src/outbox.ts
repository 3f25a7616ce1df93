import type { DeviceId, InnerId } from '@sotto/interface'

import { liveOthers, markOf, ownRecord } from './devices.ts'
import { ConversationError } from './errors.ts'
import { storedAt } from './parameters.ts'
import { reachedOf } from './reached.ts'
import { everyoneHas } from './receipts.ts'
import { countSeal, maySeal } from './rollback.ts'
import { covers, unite, without } from './spans.ts'
import type { ConversationState, OutboxItem, Span } from './state.ts'
import { only } from './steps.ts'
import type { AfterEffect, Input, MessageState, OwnState, Position, Step } from './types.ts'

/** Own events that no seal carries yet. */
export function unsealed(state: ConversationState): Span | undefined {
  const { seq } = ownRecord(state).head
  return seq > state.sealed.seq ? { from: state.sealed.seq + 1, to: seq } : undefined
}

/** Everything that waits, if the check against a rolled-back store allows sealing. */
export function sealDue(state: ConversationState): Step {
  const span = maySeal(state) ? unsealed(state) : undefined
  if (span === undefined) return only(state)
  return { state, persist: [], after: [{ type: 'seal', firstSeq: span.from, lastSeq: span.to }] }
}

/** Own events are in a sealed item, which the same transaction puts into the outbox. Throws {@link ConversationError}. */
export function noteSealed(state: ConversationState, input: Extract<Input, { type: 'sealed' }>): Step {
  const { innerId, firstSeq, lastSeq, lastEventId, again } = input
  const own = ownRecord(state)
  const fits = again ? lastSeq <= state.sealed.seq : firstSeq === state.sealed.seq + 1 && lastSeq <= own.head.seq
  const mark = markOf(own, lastSeq)
  const named = mark === undefined || mark.eventId === lastEventId
  if (!maySeal(state) || firstSeq < 1 || firstSeq > lastSeq || !fits || !named) {
    throw new ConversationError('sealed-out-of-turn', 'Own events are sealed in their order and after the check.')
  }
  const item: OutboxItem = { innerId, firstSeq, lastSeq, deposits: [], holds: [] }
  const sealed = again ? state.sealed : { seq: lastSeq, eventId: lastEventId }
  return countSeal({ ...state, sealed, outbox: [...state.outbox, item] }, input.now)
}

/** A relay stored a sealed item. With w of them its events are sent. */
export function noteDeposit(state: ConversationState, { innerId, relay }: Extract<Input, { type: 'deposited' }>): Step {
  const outbox = state.outbox.map((item) =>
    item.innerId === innerId && !item.deposits.includes(relay)
      ? { ...item, deposits: [...item.deposits, relay] }
      : item,
  )
  return only(moveSent({ ...state, outbox }))
}

/** A device answered that it holds a sealed item. That says nothing to a person before its receipt does. */
export function noteHold(state: ConversationState, { innerId, device }: Extract<Input, { type: 'held' }>): Step {
  const outbox = state.outbox.map((item) =>
    item.innerId === innerId && !item.holds.includes(device) ? { ...item, holds: [...item.holds, device] } : item,
  )
  return only({ ...state, outbox })
}

/** Takes items that enough relays stored out of the list; what they carried counts as sent from then on. */
export function moveSent(state: ConversationState): ConversationState {
  const enough = storedAt(state.relays)
  const done = state.outbox.filter(({ deposits }) => enough > 0 && deposits.length >= enough)
  if (done.length === 0) return state
  const sent = unite([...state.sent, ...done.map(({ firstSeq, lastSeq }) => ({ from: firstSeq, to: lastSeq }))])
  return { ...state, sent, outbox: state.outbox.filter((item) => !done.includes(item)) }
}

/** Sealed items that fewer than w relays stored, and which live devices do not hold them. */
export function waiting(
  state: ConversationState,
): readonly { readonly innerId: InnerId; readonly relays: number; readonly lacking: readonly DeviceId[] }[] {
  const live = liveOthers(state)
  return state.outbox.map(({ innerId, lastSeq, deposits, holds }) => ({
    innerId,
    relays: deposits.length,
    lacking: live
      .filter(({ device, acknowledged }) => acknowledged.delivered < lastSeq && !holds.includes(device))
      .map(({ device }) => device),
  }))
}

/** What a message has reached; undefined when there is no such message here. */
export function messageState(state: ConversationState, { device, seq }: Position): MessageState | undefined {
  const record = state.devices.find((candidate) => candidate.device === device)
  if (record === undefined || seq < 1) return undefined
  if (device === state.self) return seq > record.head.seq ? undefined : ownState(state, seq)
  if (seq > record.head.seq && !record.held.some((held) => held.seq === seq)) return undefined
  return seq <= record.read ? 'read' : 'received'
}

/** Notes what own events have reached, and drops what the outbox need not remember: called after every input. */
export function tidyOutbox(state: ConversationState): ConversationState {
  const released = Math.max(state.released, everyoneHas(state))
  const reached = reachedOf(state)
  const outbox = state.outbox.filter(({ lastSeq }) => lastSeq > released)
  const sent = without(state.sent, reached.delivered)
  const same = outbox.length === state.outbox.length && released === state.released
  const known = state.reached !== undefined && areSame(reached.delivered, state.reached.delivered)
  if (same && known && areSame(reached.read, state.reached.read) && areSame(sent, state.sent)) return state
  return { ...state, released, outbox, sent, reached }
}

/** The states that own messages reached between two states of the conversation. */
export function stateEffects(before: ConversationState, after: ConversationState): AfterEffect[] {
  const [old, now] = [before.reached ?? reachedOf(before), after.reached ?? reachedOf(after)]
  const sent = without(without(after.sent, before.sent), now.delivered)
  const delivered = without(without(now.delivered, old.delivered), now.read)
  const read = without(now.read, old.read)
  const effects = (spans: readonly Span[], state: OwnState): AfterEffect[] =>
    spans.map(({ from, to }) => ({ type: 'state', firstSeq: from, lastSeq: to, state }))
  return [...effects(sent, 'sent'), ...effects(delivered, 'delivered'), ...effects(read, 'read')]
}

function ownState(state: ConversationState, seq: number): OwnState {
  const { delivered, read } = state.reached ?? reachedOf(state)
  const span = { from: seq, to: seq }
  if (covers(read, span)) return 'read'
  if (covers(delivered, span)) return 'delivered'
  return covers(state.sent, span) ? 'sent' : 'queued'
}

function areSame(a: readonly Span[], b: readonly Span[]): boolean {
  return a.length === b.length && a.every(({ from, to }, at) => from === b[at]?.from && to === b[at]?.to)
}
