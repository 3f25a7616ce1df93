import type { Rows } from '@sotto/interface'

import { arrive, type Arrival } from './arrive.ts'
import { textOf } from './bodies.ts'
import { findDevice, ownRecord } from './devices.ts'
import { askOn } from './gaps.ts'
import { olderRowEffects, shownEffects } from './effects.ts'
import { closeLog, openLog, type Log } from './log.ts'
import { finder, keyOf } from './lookups.ts'
import { noteDelivery } from './receipts.ts'
import { declareGaps, reveal } from './reveal.ts'
import { retire } from './rollback.ts'
import type { CheckedEvent } from './seals.ts'
import type { ConversationState } from './state.ts'
import { only, refusal } from './steps.ts'
import type { AfterEffect, Input, PersistEffect, Refusal, Step } from './types.ts'

type Opened = Extract<Input, { type: 'opened' }>
type Served = Extract<Input, { type: 'served' }>

/** What came, whoever brought it. */
interface Arrived extends Pick<Opened, 'via' | 'known' | 'now' | 'jitter'> {
  readonly events: readonly CheckedEvent[]
}

/** Events that were opened and authenticated: the one door for all paths. The same event again changes nothing but its proof. */
export function accept(state: ConversationState, input: Opened): Step {
  if (input.sender === state.self) return acceptOwn(state, input)
  return take(state, { ...input, events: input.seal.events })
}

/** Events that somebody else than their author gave us. They are taken like all others; what is still missing is asked for soon. */
export function acceptServed(state: ConversationState, input: Served): Step {
  const [first] = input.events
  if (first === undefined || first.device === state.self) return refusal(state, 'not-ours')
  const taken = take(state, { ...input, via: 'sync' })
  const isNew = taken.persist.some((effect) => effect.type === 'put-event')
  return isNew ? { ...taken, state: askOn(taken.state, first.device) } : taken
}

function take(state: ConversationState, input: Arrived): Step {
  const log = openLog(state, input.now)
  const find = finder(input.known)
  const arrivals = input.events.map((event) => ({ event, arrival: arrive(log, event, find) }))
  declareGaps(log)
  reveal(log)
  const isHere = arrivals.some(({ arrival }) => !isRefusal(arrival))
  const refusals = refusalEffects(arrivals.map(({ arrival }) => arrival))
  if (!isHere && showsFork(state, log))
    return { state: closeLog(state, log), persist: olderRowEffects(log), after: [...shownEffects(log), ...refusals] }
  if (!isHere) return { state: claim(state, log), persist: [], after: refusals }
  const arrived = arrivals.filter(({ arrival }) => arrival === 'new').map(({ event }) => event)
  const again = arrivals.flatMap(({ arrival, event: { device, seq, proof } }): PersistEffect[] =>
    arrival === 'duplicate' && input.via !== 'sync' ? [{ type: 'prove-event', device, seq, proof }] : [],
  )
  const delivered = noteDelivery(closeLog(state, log), input)
  return {
    state: delivered.state,
    persist: [...rowEffects(state, log, arrived, input), ...again, ...delivered.persist],
    after: [...shownEffects(log), ...delivered.after, ...refusals],
  }
}

/** Our own events come back only from a copy of this store, if they are not the ones that are here. */
function acceptOwn(state: ConversationState, { seal, known }: Opened): Step {
  const find = finder(known)
  const own = ownRecord(state)
  for (const event of seal.events) {
    const mark = find(own, event.seq)
    if (mark === undefined && event.seq <= own.head.seq) {
      return refusal(state, 'before-lookup')
    }
    if (mark?.eventId !== event.eventId) return retire(state)
  }
  return only(state)
}

/** Whether somebody is seen now to have given others something else: what named that may settle. */
function showsFork(state: ConversationState, log: Log): boolean {
  return state.devices.some(({ device, forked }) => log.devices.get(device)?.forked !== forked)
}

/** What was refused for lack of room is not forgotten: its author will be asked for it. */
function claim(state: ConversationState, log: Log): ConversationState {
  const raised = state.devices.some(({ device, claimed }) => log.devices.get(device)?.claimed !== claimed)
  return raised ? closeLog(state, log) : state
}

function rowEffects(
  state: ConversationState,
  log: Log,
  arrived: readonly CheckedEvent[],
  input: Arrived,
): PersistEffect[] {
  const shown = new Set(log.shown.map(keyOf))
  const numbers = new Map(log.renumbered.map((event) => [keyOf(event), event.lamport]))
  const rows = arrived.map((event) => {
    const row = rowOf(state, event, shown.has(keyOf(event)), input)
    return { ...row, lamport: numbers.get(keyOf(event)) ?? row.lamport }
  })
  return [
    ...rows.map((row) => ({ type: 'put-event' as const, row })),
    ...olderRowEffects(log, new Set(arrived.map(keyOf))),
  ]
}

function isRefusal(arrival: Arrival): arrival is Refusal {
  return arrival !== 'new' && arrival !== 'duplicate'
}

function refusalEffects(arrivals: readonly Arrival[]): AfterEffect[] {
  return arrivals.filter(isRefusal).map((reason) => ({ type: 'refused', reason }))
}

function rowOf(state: ConversationState, event: CheckedEvent, shown: boolean, { via, now }: Arrived): Rows['events'] {
  const { device, seq, eventId, lamport, kind, header, salt, body, sentAt, proof } = event
  const account = findDevice(state, device)?.account
  if (account === undefined) throw new TypeError('Only members have events.')
  return {
    conversation: state.conversation,
    device,
    seq,
    eventId,
    account,
    lamport,
    kind,
    header,
    salt,
    body,
    text: textOf(kind, body),
    sentAt,
    receivedAt: now,
    via,
    shown: shown ? 1 : 0,
    proof,
  }
}
