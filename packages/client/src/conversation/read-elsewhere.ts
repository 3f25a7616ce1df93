import type { Position } from '@sotto/core'
import type { DeviceId } from '@sotto/interface'
import { fromString, toString } from 'uint8arrays'
import { countUnread } from '../snapshots/unread.ts'
import type { Conversation } from './conversation.ts'

// What a person has read on another device may not have come to this one yet: then it is read as it comes.

/** Up to where each device's events were read on other devices of this account, as the store knows it. */
export async function loadReadElsewhere({ context, id }: Conversation): Promise<ReadonlyMap<DeviceId, number>> {
  const row = await context.store.get('meta', [keyOf(id)])
  return new Map(row === undefined ? [] : (JSON.parse(toString(row.value)) as [DeviceId, number][]))
}

/** Another device of ours has shown these to the person. Runs in the lane. */
export async function readElsewhere(conversation: Conversation, upTo: readonly Position[]): Promise<void> {
  const { context, state, id } = conversation
  const isKnown = new Set(state.devices.map(({ device }) => device))
  const marks = new Map(conversation.readElsewhere)
  for (const { device, seq } of upTo) if (isKnown.has(device)) marks.set(device, Math.max(seq, marks.get(device) ?? 0))
  const value = fromString(JSON.stringify([...marks]))
  await context.store.commit([{ put: 'meta', row: { key: keyOf(id), value } }])
  conversation.readElsewhere = marks
  await takeMarks(conversation, upTo)
}

/** Events came that may have been read elsewhere before. Runs in the lane. */
export async function readIfElsewhere(conversation: Conversation, events: readonly Position[]): Promise<void> {
  const marks = conversation.readElsewhere
  const read = events.filter(({ device, seq }) => seq <= (marks.get(device) ?? 0))
  if (read.length > 0) await takeMarks(conversation, read)
}

async function takeMarks(conversation: Conversation, upTo: readonly Position[]): Promise<void> {
  const { context } = conversation
  await conversation.step({ type: 'read', upTo, direct: false, now: context.clock.now(), jitter: 0.5 })
  conversation.unread = await countUnread(context.store, conversation)
}

function keyOf(conversation: string): string {
  return `read elsewhere ${conversation}`
}
