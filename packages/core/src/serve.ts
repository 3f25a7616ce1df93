import { toHex } from '@sotto/wire'

import { findDevice, replaceDevice } from './devices.ts'
import { SERVE_EVERY } from './parameters.ts'
import { maySeal } from './rollback.ts'
import type { ConversationState, DeviceRecord } from './state.ts'
import { refusal } from './steps.ts'
import type { Input, Refusal, Step } from './types.ts'

type Fetched = Extract<Input, { type: 'fetch' }>

/** Another device lacks some of our events. It gets those that it has not acknowledged. */
export function serveFetch(state: ConversationState, input: Fetched): Step {
  const record = input.device === state.self ? undefined : findDevice(state, input.device)
  if (record?.live !== true) return refusal(state, 'not-a-member')
  const reason = refusalOf(state, record, input)
  if (reason !== undefined) return refusal(state, reason)
  const { fromSeq, toSeq, counter } = input.fetch
  // What it has acknowledged may have left the outbox for good; nothing would release it a second time.
  const firstSeq = Math.max(fromSeq, record.acknowledged.delivered + 1)
  const lastSeq = Math.min(toSeq, state.sealed.seq)
  if (firstSeq > lastSeq) return refusal(state, 'stale')
  return {
    state: replaceDevice(state, { ...record, asked: { counter, at: input.now } }),
    persist: [],
    after: [{ type: 'serve', device: input.device, firstSeq, lastSeq }],
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
