import type { EpochId } from '@sotto/interface'
import { MAX_BEGINS, toHex, type Receipt } from '@sotto/wire'

import { findDevice, replaceDevice } from './devices.ts'
import { olderRowEffects, shownEffects } from './effects.ts'
import { closeLog, openLog } from './log.ts'
import { MAX_BESIDES } from './parameters.ts'
import { reveal } from './reveal.ts'
import { settle } from './settle.ts'
import type { Begins, ConversationState, DeviceRecord } from './state.ts'
import { only } from './steps.ts'
import type { Input, Step } from './types.ts'

type Members = Extract<Input, { type: 'members' }>

/**
 * Up to which of our events those who come in are owed nothing: as the committer knew our log, but not less than what was before its own time; else it would
 * get, by somebody whom it lets in, what was never for it. And not more than there is.
 */
export function owedNothingTo(
  state: ConversationState,
  { owed, committer }: Pick<Members, 'owed' | 'committer'>,
): number | undefined {
  if (owed === undefined) return undefined
  const before = committer === undefined ? undefined : findDevice(state, committer)?.since
  return Math.min(Math.max(owed, before ?? 0), state.sealed.seq)
}

/** Those who have come in with this epoch were told something else than that: our receipts say so from now on. */
export function noteBegins(state: ConversationState, seq: number): ConversationState {
  const { epochId } = state
  const others = (state.begins ?? []).filter((one) => one.epochId !== epochId)
  return { ...state, begins: [...others, { epochId, seq }].slice(-MAX_BEGINS) }
}

/** By a commit beside the path somebody comes in: should it be on the path in the end, that one is owed no more than by any other. */
export function noteBeside(state: ConversationState, { beside }: Members): ConversationState {
  if (beside === undefined) return state
  const seq = owedNothingTo(state, beside) ?? state.sealed.seq
  const others = (state.besides ?? []).filter(({ device }) => !beside.added.includes(device))
  const noted = beside.added
    .filter((device) => findDevice(state, device)?.live !== true)
    .map((device) => ({ device, seq }))
  return { ...state, besides: [...others, ...noted].slice(-MAX_BESIDES) }
}

/** Where another device's log begins for us, by its own word: a committer may have told us something else. Counts until something has followed. */
export function takeBegins(state: ConversationState, from: DeviceRecord, { begins }: Receipt, now: number): Step {
  const said = begins.find(({ epochId }) => toHex<EpochId>(epochId) === state.entered)
  if (said === undefined || from.start === undefined || from.head.seq !== from.start || said.seq === from.start)
    return only(state)
  const log = openLog(replaceDevice(state, beginAt(from, said)), now)
  settle(log)
  reveal(log)
  return { state: closeLog(state, log), persist: olderRowEffects(log), after: shownEffects(log) }
}

function beginAt(record: DeviceRecord, { seq }: Pick<Begins, 'seq'>): DeviceRecord {
  const { start, read, held } = record
  return {
    ...record,
    head: { seq, eventId: '', lamport: 0 },
    start: seq,
    held: held.filter((event) => event.seq > seq),
    read: read === start ? seq : Math.min(read, seq),
    claimed: seq,
  }
}
