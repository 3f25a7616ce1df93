import type { DeviceId } from '@sotto/interface'
import { toHex } from '@sotto/wire'

import { beginAt, findDevice, isUnproven, replaceDevice } from './devices.ts'
import { olderRowEffects, shownEffects } from './effects.ts'
import { closeLog, openLog } from './log.ts'
import { noteDelivery } from './receipts.ts'
import { reveal } from './reveal.ts'
import { settle } from './settle.ts'
import type { ConversationState, DeviceRecord } from './state.ts'
import { andThen, only } from './steps.ts'
import type { Input, Step } from './types.ts'

type Heard = Extract<Input, { type: 'receipt' }>

/**
 * From where on another device's log is for us, by its own word: a committer may have told us something else, and what is not for us is not waited for.
 * Nothing that is here is given up for it, and nothing that was here before comes anew.
 */
export function takeBegins(state: ConversationState, { device, receipt, now }: Heard): Step {
  const known = device === state.self ? undefined : findDevice(state, device)
  // The newest word counts, in whatever order they come.
  const record = known === undefined || receipt.counter < known.acknowledged.counter ? undefined : known
  const ours = receipt.progress.find((entry) => toHex<DeviceId>(entry.device) === state.self)
  const seq = record === undefined || ours?.begins === undefined ? undefined : placeFor(record, ours.begins)
  if (record === undefined || seq === undefined) return only(state)
  const begun = beginAt(record, seq)
  const claimed = Math.max(begun.claimed, receipt.own?.seq ?? 0)
  const log = openLog(replaceDevice(state, { ...begun, claimed }), now)
  settle(log)
  reveal(log)
  const moved = { state: closeLog(state, log), persist: olderRowEffects(log), after: shownEffects(log) }
  const isFollowed = log.devices.get(device)?.head.eventId !== ''
  return isFollowed ? andThen(moved, (next) => noteDelivery(next, { via: 'mailbox', now, jitter: 0 })) : moved
}

/** Where it begins then; undefined if nothing changes. */
function placeFor(record: DeviceRecord, begins: number): number | undefined {
  const { head, had, held, start } = record
  // Who was there from the beginning is owed everything.
  if (start === undefined) return undefined
  const seq = Math.max(Math.min(begins, (held[0]?.seq ?? Infinity) - 1), had ?? 0)
  return seq > head.seq || (seq < head.seq && isUnproven(record)) ? seq : undefined
}
