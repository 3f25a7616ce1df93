import { sealTo } from '@sotto/group'
import type { DeviceId, EpochId, Rows } from '@sotto/interface'
import { decodeProof } from '@sotto/core'
import { encodeInner, encodeServedEvents, fromHex, MAX_SERVED_BYTES, MAX_SERVED_EVENTS } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { outboxRow, putOutbox } from '../conversation/outbox-row.ts'
import type { Control } from '../groups/control.ts'
import { answerInfo } from './ask.ts'
import { answerWait, hasUpTo, type Asked } from './holders.ts'
import { wasIn } from './was-in.ts'

const HOUR_MS = 3_600_000
/** Bytes that a device is given of others' events within an hour, by each one that it asks: an ask costs it next to nothing. */
const MAX_GIVEN_AN_HOUR = 4_194_304
/** Answers that wait for a relay at once. Of more, the newest. */
const MAX_GIVEN_WAITING = 32

/** An ask that core has let through. */
export interface AskedFor extends Asked {
  readonly key: Uint8Array
}

/** What each asker was given lately, in this run. */
const given = new WeakMap<Conversation, Map<DeviceId, { readonly since: number; readonly bytes: number }>>()

/** Gives a device what it asks for of somebody else's events, if it is still without it when it is this one's turn. Runs in the lane. */
export async function answer(conversation: Conversation, asked: AskedFor): Promise<void> {
  const wait = await answerWait(conversation, asked)
  if (wait === 0) return give(conversation, asked)
  conversation.outlet.later(wait, () => conversation.lane.run(() => give(conversation, asked)))
}

async function give(conversation: Conversation, asked: AskedFor): Promise<void> {
  const { id, context, control } = conversation
  const { device, author, key, lastSeq } = asked
  if (control === undefined || !mayGive(conversation, control, device)) return
  if ((await hasUpTo(conversation, device, author)) >= lastSeq) return
  const events = await eventsFor(conversation, control, asked)
  if (events.length === 0) return
  const plaintext = encodeServedEvents({ events })
  if (!hasCredit(conversation, device, plaintext.length)) return
  const sealed = await sealTo(context.engine, key, answerInfo(id, device), plaintext)
  if (!sealed.ok) return context.logger.debug('refused', { reason: sealed.reason })
  const inner = encodeInner({ item: { case: 'served', value: { device: fromHex(device), ...sealed.value } } })
  // Lost on the way, it is asked for again.
  if (!conversation.outlet.tell(conversation, device, inner)) await queue(conversation, inner)
}

/** Whoever is to be out is served nothing (G9), and whoever is out, or sends no more, serves nobody. */
function mayGive({ isOver, row, peerDevices, context }: Conversation, control: Control, device: DeviceId): boolean {
  if (isOver || row.phase !== 'active' || context.profile().retired) return false
  return peerDevices.includes(device) && control.view.desired.some((leaf) => leaf.device === device)
}

/** Those that are here and that the asker was there for when they were sealed, as many as one answer holds. */
async function eventsFor(
  { id, context }: Conversation,
  control: Control,
  { device, author, firstSeq, lastSeq }: Asked,
): Promise<Rows['events'][]> {
  const range = { prefix: [id, author] as const, after: [firstSeq - 1] as const, limit: lastSeq - firstSeq + 1 }
  const rows = await context.store.list('events', range)
  const events: Rows['events'][] = []
  let bytes = 0
  for (const row of rows) {
    const epochId = sealEpoch(row)
    if (row.seq > lastSeq || epochId === undefined || !wasIn(control, epochId, device)) continue
    // Tags and lengths come to less than that.
    bytes += row.header.length + row.salt.length + row.body.length + row.proof.length + 32
    if (bytes > MAX_SERVED_BYTES || events.length === MAX_SERVED_EVENTS) break
    events.push(row)
  }
  return events
}

function sealEpoch({ proof }: Rows['events']): EpochId | undefined {
  const decoded = decodeProof(proof)
  return decoded.ok ? decoded.value.epochId : undefined
}

function hasCredit(conversation: Conversation, device: DeviceId, bytes: number): boolean {
  const now = conversation.context.clock.monotonic()
  const all = given.get(conversation) ?? new Map<DeviceId, { since: number; bytes: number }>()
  const before = all.get(device)
  const current = before === undefined || now - before.since >= HOUR_MS ? { since: now, bytes: 0 } : before
  if (current.bytes + bytes > MAX_GIVEN_AN_HOUR) return false
  given.set(conversation, all.set(device, { ...current, bytes: current.bytes + bytes }))
  return true
}

async function queue(conversation: Conversation, inner: Uint8Array): Promise<void> {
  const { id, context, generation } = conversation
  const rows = await context.store.list('outbox', { prefix: [id] })
  const waiting = rows.filter(({ kind }) => kind === 'served').toSorted((a, b) => b.createdAt - a.createdAt)
  const createdAt = context.clock.now()
  const row = outboxRow({ conversation: id, kind: 'served', inner, generation: generation.id, createdAt })
  await context.store.commit([
    ...waiting.slice(MAX_GIVEN_WAITING - 1).map(({ innerId }) => ({ delete: 'outbox', key: [id, innerId] }) as const),
    ...putOutbox(row),
  ])
  conversation.outlet.wake(conversation)
}
