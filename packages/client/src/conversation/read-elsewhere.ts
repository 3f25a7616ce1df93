import type { ConversationState, Position } from '@sotto/core'
import type { DeviceId } from '@sotto/interface'
import { fromString, toString } from 'uint8arrays'
import { countUnread } from '../snapshots/unread.ts'
import type { Conversation } from './conversation.ts'

// What a person has read on another device may not have come to this one yet: then it is read as it comes. A device that came in later has shown
// nothing from before: what it says begins with the first event that it had.

/** Events of a device that a person has read elsewhere: from the first that was there, both ends included. */
export interface ReadSpan {
  readonly from: number
  readonly to: number
}

/** Of each device. A few spans each: one for all devices of ours that had everything, and one for each that came in later. */
export type ReadSpans = ReadonlyMap<DeviceId, readonly ReadSpan[]>

/** Ours that came in at different times, and what they had read then. */
const MAX_SPANS = 32

/** What was read on other devices of this account, as the store knows it. */
export async function loadReadElsewhere({ context, id }: Conversation): Promise<ReadSpans> {
  const row = await context.store.get('meta', [keyOf(id)])
  // Our own words, written below.
  return new Map(row === undefined ? [] : (JSON.parse(toString(row.value)) as [DeviceId, ReadSpan[]][]))
}

/** Another device of ours has shown these to the person. Runs in the lane. */
export async function readElsewhere(
  conversation: Conversation,
  spans: readonly (ReadSpan & { readonly device: DeviceId })[],
): Promise<void> {
  const { context, state, id } = conversation
  const isKnown = new Set(state.devices.map(({ device }) => device))
  const all = new Map(conversation.readElsewhere)
  for (const { device, from, to } of spans)
    if (isKnown.has(device)) all.set(device, joined([...(all.get(device) ?? []), { from, to }]).slice(0, MAX_SPANS))
  const value = fromString(JSON.stringify([...all]))
  await context.store.commit([{ put: 'meta', row: { key: keyOf(id), value } }])
  conversation.readElsewhere = all
  await takeRead(
    conversation,
    spans.map(({ device }) => device),
  )
}

/** Events came that may have been read elsewhere before. Runs in the lane. */
export async function readIfElsewhere(conversation: Conversation, events: readonly Position[]): Promise<void> {
  await takeRead(
    conversation,
    events.map(({ device }) => device),
  )
}

/** What was read there and follows on what was read here, is read. */
async function takeRead(conversation: Conversation, devices: readonly DeviceId[]): Promise<void> {
  const { context, state, readElsewhere: spans } = conversation
  const upTo = [...new Set(devices)].flatMap((device) => {
    const [read, to] = [readOf(state, device), readWith(readOf(state, device), spans.get(device) ?? [])]
    return to > read ? [{ device, seq: to }] : []
  })
  if (upTo.length === 0) return
  await conversation.step({ type: 'read', upTo, direct: false, now: context.clock.now(), jitter: 0.5 })
  conversation.unread = await countUnread(context.store, conversation)
}

/** Up to where everything is read, when it was up to `read` and these spans are too. What lies between was shown nowhere. */
export function readWith(read: number, spans: readonly ReadSpan[]): number {
  let upTo = read
  for (const { from, to } of joined(spans)) if (from <= upTo + 1) upTo = Math.max(upTo, to)
  return upTo
}

/** The same events in as few spans as there can be, ascending. */
export function joined(spans: readonly ReadSpan[]): readonly ReadSpan[] {
  const all: ReadSpan[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1)
    if (last === undefined || span.from > last.to + 1) all.push(span)
    else all[all.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
  }
  return all
}

function readOf({ devices }: ConversationState, device: DeviceId): number {
  return devices.find((record) => record.device === device)?.read ?? 0
}

function keyOf(conversation: string): string {
  return `read there ${conversation}`
}
