import type { DeviceId, EventId, RelayId } from '@sotto/interface'
import { encodeHeadRecord, fromHex, toHex, type HeadRecord } from '@sotto/wire'

import { findDevice, liveOthers, ownRecord } from './devices.ts'
import { ConversationError } from './errors.ts'
import { finder } from './lookups.ts'
import { ALONE_AFTER, checkedAt, haveWitnesses, HEAD_EVERY, storedAt } from './parameters.ts'
import type { ConversationState, HandedHead, RollbackState } from './state.ts'
import { only, refusal } from './steps.ts'
import type { Input, KnownEvent, Step } from './types.ts'

/**
 * A store that was rolled back (a restored profile, a copied folder) would use MLS keys a second time. So nothing is
 * sealed after a start until own head records were read from enough places and a new one is stored.
 */
export function maySeal(state: ConversationState): boolean {
  return state.rollback.stage === 'ready' && ownRecord(state).live
}

/** A new start of the process: what this store says of itself is unchecked. Throws {@link ConversationError}. */
export function begin(state: ConversationState, boot: number): Step {
  if (boot <= state.rollback.boot) {
    throw new ConversationError(
      'boot-not-counted',
      'Every start of the store is counted before its conversations begin.',
    )
  }
  const isRetired = state.rollback.stage === 'retired'
  const reset: Partial<RollbackState> = { boot, answered: [], returned: [], vouched: undefined, doubted: false }
  const rollback: RollbackState = { ...state.rollback, ...reset, stage: isRetired ? 'retired' : 'checking' }
  // Said again, because the start before may have ended between knowing it and acting on it.
  return { state: { ...state, rollback }, persist: [], after: isRetired ? [{ type: 'retire' }] : [] }
}

/** Own head record as a relay or a device holds it. One that is ahead of this store proves a newer copy. */
export function takeHeadRecord(state: ConversationState, input: Extract<Input, { type: 'head-record' }>): Step {
  const { source, record, known, now } = input
  if (record !== undefined) {
    const comparison = compareRecord(state, record, known)
    if (comparison === 'ahead') return retire(state)
    if (comparison !== 'behind') return refusal(state, comparison)
  }
  if (state.rollback.stage !== 'checking') return only(state)
  if ('relay' in source) return proceed(withAnswer(state, source.relay), now)
  // Only what the device holds says anything: that it holds nothing may have many reasons.
  return record === undefined
    ? only(state)
    : proceed(withReturned(vouch(state, source.device, now), source.device), now)
}

/**
 * Another device has seen our events up to some place that is here too. It may know less than the relays, so they are
 * given {@link ALONE_AFTER} to answer first.
 */
export function vouch(state: ConversationState, device: DeviceId, now: number): ConversationState {
  const { stage, vouched, doubted } = state.rollback
  if (stage !== 'checking' || vouched !== undefined || doubted || !mayVouch(state, device)) return state
  return { ...state, rollback: { ...state.rollback, vouched: now } }
}

/** Goes on with the check when enough has been heard for it. */
export function proceed(state: ConversationState, now: number): Step {
  const due = proceedAt(state)
  if (due === undefined || now < due) return only(state)
  if (state.rollback.stage === 'checking') return beginRecording(state, now)
  return only({ ...state, rollback: { ...state.rollback, stage: 'ready' } })
}

/** When the check can go on without any further answer, in ms since 1970. */
export function proceedAt(state: ConversationState): number | undefined {
  const { stage, answered, vouched, doubted, handed } = state.rollback
  if (stage === 'checking') {
    if (answered.length >= readsNeeded(state)) return 0
    return vouched === undefined || doubted ? undefined : vouched + ALONE_AFTER
  }
  if (stage !== 'recording' || handed === undefined) return undefined
  if (handed.stored.length > 0 && handed.stored.length >= storesNeeded(state, handed)) return 0
  // The next check asks the relays first; so they are to have it too, unless they were silent already.
  if (!handed.held) return undefined
  return answered.length >= readsNeeded(state) ? handed.at + ALONE_AFTER : 0
}

/**
 * How many relays must have been read before a new record is handed out. Once it is, a record that an old copy left under the same numbers could
 * not be told from it; so whatever may have the only trace of that copy is asked before.
 */
function readsNeeded(state: ConversationState): number {
  const { returned = [], doubted } = state.rollback
  if (!haveWitnesses(state.relays)) return checkedAt(state.relays)
  return isAllOthers(state, returned) && !doubted ? checkedAt(state.relays) : state.relays
}

/** At how many relays the new record must be. */
function storesNeeded(state: ConversationState, { holders = [] }: HandedHead): number {
  const areWitnesses = haveWitnesses(state.relays) && isAllOthers(state, holders)
  return storedAt(state.relays) - (areWitnesses ? 1 : 0)
}

/** Every one of them: two runs of one store may not have met the same ones otherwise. */
function isAllOthers(state: ConversationState, devices: readonly DeviceId[]): boolean {
  const others = liveOthers(state)
  return others.length > 0 && others.every(({ device }) => devices.includes(device))
}

/** A relay or another device stored the record that was handed out last. */
export function noteHeadStored(state: ConversationState, input: Extract<Input, { type: 'head-stored' }>): Step {
  const { source, boot, seals, now } = input
  const { handed } = state.rollback
  if (handed === undefined || handed.boot !== boot || handed.seals !== seals) return only(state)
  const noted =
    'relay' in source
      ? { ...handed, stored: [...new Set([...handed.stored, source.relay])] }
      : withHolder(state, handed, source.device)
  return proceed({ ...state, rollback: { ...state.rollback, handed: noted } }, now)
}

/** One more MLS message was sealed; a new head record is due when the last one is old enough. */
export function countSeal(state: ConversationState, now: number): Step {
  const next = { ...state, rollback: { ...state.rollback, seals: state.rollback.seals + 1 } }
  return handOutDue(next, now)
}

/** When the next head record is due, in ms since 1970; undefined while the newest one says everything. */
export function headDueAt(state: ConversationState): number | undefined {
  const { stage, seals, handed } = state.rollback
  if (stage !== 'ready' || seals === (handed?.seals ?? 0)) return undefined
  return handed === undefined ? 0 : handed.at + HEAD_EVERY
}

export function handOutDue(state: ConversationState, now: number): Step {
  const due = headDueAt(state)
  return due === undefined || now < due ? only(state) : handOut(state, now)
}

/** The newest head record, to be signed and stored. */
export function handOut(state: ConversationState, now: number): Step {
  const { boot, seals } = state.rollback
  const { seq, eventId } = ownRecord(state).head
  const own = { seq, eventId: fromHex(eventId) }
  const body = encodeHeadRecord({ conversation: fromHex(state.conversation), boot, own, seals })
  return {
    state: {
      ...state,
      rollback: { ...state.rollback, handed: { boot, seals, at: now, stored: [], held: false, holders: [] } },
    },
    persist: [],
    after: [{ type: 'head-due', body, boot, seals }],
  }
}

/** A newer copy of this store exists. Final. */
export function retire(state: ConversationState): Step {
  if (state.rollback.stage === 'retired') return only(state)
  const rollback: RollbackState = { ...state.rollback, stage: 'retired' }
  return { state: { ...state, rollback }, persist: [], after: [{ type: 'retire' }] }
}

/** Whether a record, signed with our own key, knows more of us than this store does. */
function compareRecord(
  state: ConversationState,
  record: HeadRecord,
  known: readonly KnownEvent[],
): 'ahead' | 'behind' | 'other-conversation' | 'before-lookup' {
  if (toHex(record.conversation) !== state.conversation) return 'other-conversation'
  const own = ownRecord(state)
  const { seq, eventId } = record.own ?? { seq: 0, eventId: new Uint8Array() }
  // Every record was noted here before it left. The number of starts alone would not do: an old copy that starts
  // often enough catches up with it.
  const { boot, seals } = state.rollback.handed ?? { boot: 0, seals: 0 }
  if (record.boot > boot || record.seals > seals || seq > own.head.seq) return 'ahead'
  if (seq === 0) return 'behind'
  const mark = finder(known)(own, seq)
  if (mark === undefined) return 'before-lookup'
  return mark.eventId === toHex<EventId>(eventId) ? 'behind' : 'ahead'
}

function withAnswer(state: ConversationState, relay: RelayId): ConversationState {
  const answered = [...new Set([...state.rollback.answered, relay])]
  return { ...state, rollback: { ...state.rollback, answered } }
}

function withReturned(state: ConversationState, device: DeviceId): ConversationState {
  if (!mayVouch(state, device)) return state
  const returned = [...new Set([...(state.rollback.returned ?? []), device])]
  return { ...state, rollback: { ...state.rollback, returned } }
}

function withHolder(state: ConversationState, handed: HandedHead, device: DeviceId): HandedHead {
  if (!mayVouch(state, device)) return handed
  return { ...handed, held: true, holders: [...new Set([...(handed.holders ?? []), device])] }
}

function beginRecording(state: ConversationState, now: number): Step {
  return handOut({ ...state, rollback: { ...state.rollback, stage: 'recording' } }, now)
}

/** A member's device other than ours. */
function mayVouch(state: ConversationState, device: DeviceId): boolean {
  return device !== state.self && findDevice(state, device)?.live === true
}
