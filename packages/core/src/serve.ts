import type { DeviceId } from '@sotto/interface'
import { toHex, type Fetch } from '@sotto/wire'

import { findDevice, replaceDevice } from './devices.ts'
import { SERVE_EVERY } from './parameters.ts'
import { maySeal } from './rollback.ts'
import type { ConversationState, DeviceRecord } from './state.ts'
import { refusal } from './steps.ts'
import type { AfterEffect, Input, Refusal, Step } from './types.ts'

type Fetched = Extract<Input, { type: 'fetch' }>

/** Another device lacks events: ours, or somebody else's that are here. */
export function serveFetch(state: ConversationState, input: Fetched): Step {
  const record = input.device === state.self ? undefined : findDevice(state, input.device)
  if (record?.live !== true) return refusal(state, 'not-a-member')
  const { fetch, now } = input
  const reason = refusalOf(state, record, input)
  if (reason !== undefined) return refusal(state, reason)
  const effect =
    toHex<DeviceId>(fetch.author) === state.self ? ofOurs(state, record, fetch) : ofOthers(state, record, fetch)
  if (typeof effect === 'string') return refusal(state, effect)
  const asked = { counter: fetch.counter, at: now }
  return { state: replaceDevice(state, { ...record, asked }), persist: [], after: [effect] }
}

function refusalOf(state: ConversationState, { asked }: DeviceRecord, { fetch, now }: Fetched): Refusal | undefined {
  if (toHex(fetch.conversation) !== state.conversation) return 'other-conversation'
  if (toHex(fetch.author) !== state.self && fetch.key.length === 0) return 'not-ours'
  if (fetch.counter <= asked.counter) return 'stale'
  if (toHex(fetch.author) === state.self && fetch.fromSeq > state.sealed.seq) return 'ahead'
  if (toHex(fetch.author) === state.self && !maySeal(state)) return 'not-ready'
  if (asked.at > 0 && now >= asked.at && now - asked.at < SERVE_EVERY) return 'too-often'
  return undefined
}

/** It gets those that it has not acknowledged. */
function ofOurs(state: ConversationState, asker: DeviceRecord, { fromSeq, toSeq }: Fetch): AfterEffect | Refusal {
  // What it has acknowledged may have left the outbox for good; nothing would release it a second time.
  const firstSeq = Math.max(fromSeq, asker.acknowledged.delivered + 1)
  const lastSeq = Math.min(toSeq, state.sealed.seq)
  return firstSeq > lastSeq ? 'stale' : { type: 'serve', device: asker.device, firstSeq, lastSeq }
}

/** Whatever of it is here, by whoever has signed it. */
function ofOthers(state: ConversationState, asker: DeviceRecord, fetch: Fetch): AfterEffect | Refusal {
  const author = findDevice(state, toHex<DeviceId>(fetch.author))
  if (author === undefined || author === asker) return 'not-ours'
  const { head, held, start } = author
  const firstSeq = Math.max(fetch.fromSeq, (start ?? 0) + 1)
  const within = held.filter(({ seq }) => seq >= firstSeq && seq <= fetch.toSeq)
  const lastSeq = Math.max(Math.min(fetch.toSeq, head.seq), within.at(-1)?.seq ?? 0)
  if (firstSeq > lastSeq) return 'not-here'
  return { type: 'serve-others', device: asker.device, author: author.device, key: fetch.key, firstSeq, lastSeq }
}
