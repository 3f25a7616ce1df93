import { toHex } from '@sotto/wire'

import { findDevice, replaceDevice } from './devices.ts'
import { SERVE_EVERY } from './parameters.ts'
import { maySeal } from './rollback.ts'
import type { ConversationState, DeviceRecord } from './state.ts'
import { refusal } from './steps.ts'
import type { Input, Refusal, Step } from './types.ts'

type Fetched = Extract<Input, { type: 'fetch' }>

/** Another device lacks some of our events. */
export function serveFetch(state: ConversationState, input: Fetched): Step {
  const record = input.device === state.self ? undefined : findDevice(state, input.device)
  const reason = record?.live === true ? refusalOf(state, record, input) : 'not-a-member'
  if (record === undefined || reason !== undefined) return refusal(state, reason ?? 'not-a-member')
  const { fromSeq, toSeq, counter } = input.fetch
  const lastSeq = Math.min(toSeq, state.sealed.seq)
  return {
    state: replaceDevice(state, { ...record, asked: { counter, at: input.now } }),
    persist: [],
    after: [{ type: 'serve', device: input.device, firstSeq: fromSeq, lastSeq }],
  }
}

function refusalOf(state: ConversationState, { asked }: DeviceRecord, { fetch, now }: Fetched): Refusal | undefined {
  if (toHex(fetch.conversation) !== state.conversation) return 'other-conversation'
  if (toHex(fetch.author) !== state.self) return 'not-ours'
  if (fetch.counter <= asked.counter) return 'stale'
  if (fetch.fromSeq > state.sealed.seq) return 'ahead'
  if (!maySeal(state)) return 'not-ready'
  if (asked.at > 0 && now >= asked.at && now - asked.at < SERVE_EVERY) return 'too-often'
  return undefined
}
