import type { Via } from '@sotto/core'
import type { Change, EpochId, InnerId } from '@sotto/interface'
import type { Inner } from '@sotto/wire'
import { decodeInner, toHex } from '@sotto/wire'
import type { Arrival, Handled, Origin } from './arrival.ts'
import { receiveServed } from '../backfill/take.ts'
import { receiveBack } from '../groups/back-parts.ts'
import { receiveControl } from '../groups/take-control.ts'
import { receiveCommit } from './commits.ts'
import type { Conversation } from './conversation.ts'
import { receiveApplication } from './messages.ts'
import { receiveRecord } from './take-record.ts'
import { recordKind } from './records.ts'

/** What became of an item. With `full` its path must keep it; else the path may forget it. */
export type Taken = 'applied' | 'known' | 'refused' | 'parked' | 'full'

/** Items that wait for an epoch, at most, per conversation. */
const MAX_PARKED = 2_000
/** And their bytes: one item may have a megabyte, and a member may send any number of them. */
export const MAX_PARKED_BYTES: number = 16 * 1024 * 1024

/** The only way into a conversation: idempotent, whatever the path. Runs in the conversation's lane. */
export async function receive(
  conversation: Conversation,
  innerId: InnerId,
  bytes: Uint8Array,
  origin: Origin,
): Promise<Taken> {
  const { store, clock, logger } = conversation.context
  // Blocked while this was on its way: nothing of it is kept or shown.
  if (conversation.row.phase === 'ended') return 'refused'
  const decoded = decodeInner(bytes)
  // The other one goes on with a restored device: whatever the lost ones say now is not from that person.
  const isFromLost = conversation.kind === 'pair' && conversation.row.phase === 'left'
  if (isFromLost && decoded.ok && isSpeech(decoded.value)) return 'refused'
  const isKnown =
    (await store.get('seen', [conversation.id, innerId])) !== undefined ||
    (await store.get('inbox', [conversation.id, innerId])) !== undefined
  // What others hold of our own head counts each time that it is read: it is how a rolled-back store finds out.
  if (isKnown && !(decoded.ok && isOwnHead(conversation, decoded.value))) return 'known'
  const seen: Change = { put: 'seen', row: { conversation: conversation.id, innerId, at: clock.now() } }
  const handled = decoded.ok
    ? await handle(conversation, decoded.value, { origin, bytes, seen })
    : { refused: decoded.reason }
  if ('park' in handled) return park(conversation, innerId, bytes, origin, handled.park)
  if ('done' in handled) {
    for (const epoch of handled.epochs ?? []) await unpark(conversation, epoch)
    return 'applied'
  }
  const reason = 'later' in handled ? handled.later : handled.refused
  logger.debug('refused', { reason })
  // Not noted as seen: it has changed nothing, it costs no room, and what is wrong with it now may be right another time.
  return 'later' in handled ? 'full' : 'refused'
}

/** It brings what somebody says. */
function isSpeech({ item }: Inner): boolean {
  return item.case === 'application' || item.case === 'served'
}

function isOwnHead(conversation: Conversation, { item }: Inner): boolean {
  return item.case === 'head' && toHex(item.value.device) === conversation.context.profile().device
}

async function handle(conversation: Conversation, inner: Inner, arrival: Arrival): Promise<Handled> {
  const { item } = inner
  if (item.case === 'application') {
    return receiveApplication(conversation, toHex<EpochId>(item.value.epochId), item.value.mls, arrival)
  }
  if (item.case === 'control') return receiveControl(conversation, item.value, arrival)
  if (item.case === 'served') return receiveServed(conversation, item.value, arrival)
  if (item.case === 'back') return receiveBack(conversation, item.value, arrival)
  // Where there is a control chain, commits come as its things, which say who may.
  if (item.case === 'commit' && conversation.control !== undefined) return { refused: 'misplaced' }
  if (item.case === 'commit') {
    return receiveCommit(conversation, toHex<EpochId>(item.value.parentEpochId), item.value.mls, arrival)
  }
  const kind = recordKind(inner)
  if (kind === undefined || kind === 'offer' || item.case !== kind) return { refused: 'misplaced' }
  return receiveRecord(conversation, kind, item.value, arrival)
}

/**
 * Keeps an item until its epoch is here. Beyond the bounds the oldest give way, since a member may send any number that wait in vain: their
 * authors keep what nobody has acknowledged, and give it again when they are asked.
 */
async function park(
  conversation: Conversation,
  innerId: InnerId,
  inner: Uint8Array,
  origin: Origin,
  epochId: EpochId,
): Promise<Taken> {
  const { store, clock } = conversation.context
  if (inner.length > MAX_PARKED_BYTES) return 'refused'
  const parked = (await store.list('inbox', { prefix: [conversation.id] })).toSorted(
    (a, b) => a.receivedAt - b.receivedAt,
  )
  let bytes = parked.reduce((sum, row) => sum + row.inner.length, inner.length)
  const changes: Change[] = []
  for (const old of parked) {
    if (bytes <= MAX_PARKED_BYTES && parked.length - changes.length < MAX_PARKED) break
    bytes -= old.inner.length
    changes.push({ delete: 'inbox', key: [conversation.id, old.innerId] })
  }
  const row = {
    conversation: conversation.id,
    innerId,
    inner,
    generation: conversation.generation.id,
    via: origin.via,
    receivedAt: clock.now(),
    parkedFor: epochId,
  }
  await store.commit([...changes, { put: 'inbox', row }])
  return 'parked'
}

/** Applies what waited for epochs that are here: a crash may have come between an epoch and what waited for it. */
export async function unparkAll(conversation: Conversation): Promise<void> {
  const rows = await conversation.context.store.list('inbox', { prefix: [conversation.id] })
  for (const epoch of new Set(rows.map(({ parkedFor }) => parkedFor as EpochId))) {
    if ((await conversation.epochs.get(epoch)) !== undefined) await unpark(conversation, epoch)
  }
}

/** Applies what waited for an epoch that is here now. */
export async function unpark(conversation: Conversation, epochId: EpochId): Promise<void> {
  const { store } = conversation.context
  for (const row of await store.list('inbox', { prefix: [conversation.id] })) {
    if (row.parkedFor !== epochId) continue
    await store.commit([{ delete: 'inbox', key: [conversation.id, row.innerId] }])
    await receive(conversation, row.innerId, row.inner, { via: row.via as Via })
  }
}
