import { EMPTY_REASSEMBLY, sealEnvelope, sizeFor, splitInner, type Reassembly } from '@sotto/group'
import type { ConversationId, DeviceId, DirectSession, InnerId, ThingId } from '@sotto/interface'
import { MAX_ENVELOPE_BYTES } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'

/** Time to follow a commit to new keys, over paths that are there. */
export const FOLLOWED_MS = 10_000

/** One proven path and what has gone over it, by conversation. */
export interface Path {
  readonly session: DirectSession
  readonly device: DeviceId
  readonly sent: Map<ConversationId, Set<InnerId>>
  /** Of these, what the other end could not take then: it goes again when it has had time to follow. */
  readonly refused: Set<InnerId>
  /** Generations whose keys the other end has shown to have. */
  readonly shown: Set<string>
  /** The commits that have put the other end out, of which it has been told over this path. */
  readonly told: Map<ConversationId, ThingId>
  reassembly: Reassembly
}

/** A path over which nothing has gone yet. */
export function newPath(session: DirectSession, device: DeviceId): Path {
  const nothing = { sent: new Map(), refused: new Set<InnerId>(), shown: new Set<string>(), told: new Map() }
  return { session, device, ...nothing, reassembly: EMPTY_REASSEMBLY }
}

/**
 * Whether the other end can open what is sealed under that generation; too many envelopes that it cannot end the path. It must have been in when
 * the generation was opened. Of the newest, and of the one with which it came in, it must have made it, have shown its keys, or have had time to follow.
 */
export function canOpen({ generations, control, tip, context }: Conversation, path: Path, id: string): boolean {
  const { device, shown } = path
  const at = generations.findIndex((known) => known.id === id)
  const generation = generations[at]
  if (generation?.devices.includes(device) !== true) return false
  if (generations.length === 1 || shown.has(id)) return true
  const isNewest = at === 0
  const wasInBefore = generations.slice(at + 1).some(({ devices }) => devices.includes(device))
  if (!isNewest && wasInBefore) return true
  if (isNewest && control?.commitTo(tip.epochId)?.thing.device === device) return true
  return context.clock.now() - generation.openedAt >= FOLLOWED_MS
}

/** The items of a conversation that have gone over a path. */
export function sentOver(path: Path, { id }: Conversation): Set<InnerId> {
  const sent = path.sent.get(id) ?? new Set()
  path.sent.set(id, sent)
  return sent
}

/** Under the generation that the item was made for: who lacks a newer one finds the commit to it among these. True once the other end holds it. */
export async function send(
  conversation: Conversation,
  path: Path,
  inner: Uint8Array,
  generation: string = conversation.generation.id,
): Promise<boolean> {
  const { keys } = conversation.generations.find(({ id }) => id === generation) ?? conversation.generation
  const size = Math.min(sizeFor(inner.length, 'direct'), MAX_ENVELOPE_BYTES)
  const fragments = splitInner(inner, size)
  if (!fragments.ok) return false
  const acks = fragments.value.map((fragment) =>
    path.session.send(sealEnvelope({ keys, path: 'direct', size, ...fragment })),
  )
  return (await Promise.all(acks)).every((acked) => acked)
}
