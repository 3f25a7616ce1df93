import { olderRowEffects, shownEffects } from './effects.ts'
import { askAt, askForMissing, declareTails } from './gaps.ts'
import { closeLog, openLog } from './log.ts'
import { GAP_AFTER, RECEIPT_LATEST } from './parameters.ts'
import { sendDueReceipt } from './receipts.ts'
import { declareGaps, reveal } from './reveal.ts'
import { handOut, handOutDue, headDueAt, proceed, proceedAt } from './rollback.ts'
import type { ConversationState, DeviceRecord } from './state.ts'
import { only, andThen } from './steps.ts'
import type { Step } from './types.ts'

/** Everything that happens because time passes. */
export function tick(before: ConversationState, now: number): Step {
  const state = notLater(before, now)
  const { due } = state.receipts
  const declared = andThen(passGaps(state, now), (next) => askForMissing(next, now))
  const told = due !== undefined && due <= now ? andThen(declared, (next) => sendDueReceipt(next, 'soon')) : declared
  return andThen(told, (next) => andThen(proceed(next, now), (checked) => handOutDue(checked, now)))
}

/** Everything that waits to be coalesced, now. */
export function flush(state: ConversationState, now: number): Step {
  const told = andThen(only(state), (next) => sendDueReceipt(next, 'now'))
  return headDueAt(state) === undefined ? told : andThen(told, (next) => handOut(next, now))
}

/** When `tick` has something to do, in ms since 1970; undefined while nothing waits for time. */
export function nextWake(state: ConversationState): number | undefined {
  const times: number[] = state.devices.flatMap((record) => wakesOf(state, record))
  if (state.receipts.on && state.receipts.due !== undefined) times.push(state.receipts.due)
  const head = headDueAt(state)
  if (head !== undefined) times.push(head)
  const check = proceedAt(state)
  if (check !== undefined) times.push(check)
  return times.length === 0 ? undefined : Math.min(...times)
}

function passGaps(state: ConversationState, now: number): Step {
  const log = openLog(state, now)
  for (const record of declareTails(log.devices.values(), now)) log.devices.set(record.device, record)
  declareGaps(log)
  reveal(log)
  return { state: closeLog(state, log), persist: olderRowEffects(log), after: shownEffects(log) }
}

function wakesOf(state: ConversationState, record: DeviceRecord): number[] {
  const { missing, held, claimed, declared } = record
  const times = held.filter(({ shown }) => !shown).map(({ since }) => since + GAP_AFTER)
  if (missing !== undefined && claimed > declared) times.push(missing.since + GAP_AFTER)
  const ask = askAt(state, record)
  if (ask !== undefined) times.push(ask)
  return times
}

// Wall clocks jump back; then nothing may wait for longer than it would have from now on.
function notLater(state: ConversationState, now: number): ConversationState {
  const devices = state.devices.map((record) =>
    record.held.some(({ since }) => since > now)
      ? { ...record, held: record.held.map((event) => ({ ...event, since: Math.min(event.since, now) })) }
      : record,
  )
  const { due } = state.receipts
  const receipts = due !== undefined && due - now > RECEIPT_LATEST ? { ...state.receipts, due: now } : state.receipts
  const { handed, vouched } = state.rollback
  const rollback = {
    ...state.rollback,
    handed: handed === undefined ? undefined : { ...handed, at: Math.min(handed.at, now) },
    vouched: vouched === undefined ? undefined : Math.min(vouched, now),
  }
  return { ...state, devices, receipts, rollback }
}
