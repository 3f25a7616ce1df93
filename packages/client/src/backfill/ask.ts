import type { AfterEffect, ConversationState } from '@sotto/core'
import { createAskKeys } from '@sotto/group'
import type { Change, ConversationId, DeviceId, InvitationId } from '@sotto/interface'
import { encodeFetch, fromHex, SERVED, signedBytes } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { recordChanges } from '../conversation/queue-record.ts'

/** An answer may come for so long: a mailbox keeps no message longer, and nobody is asked longer. */
const ASK_KEY_MS = 30 * 86_400_000

type Ask = Extract<AfterEffect, { type: 'fetch' }>

/**
 * Queues a request for missing events. Where others than their author may answer, it has a key of its own to which they seal: what they give
 * was said before somebody else came in. Runs in the lane.
 */
export async function ask(conversation: Conversation, { fetch, anyone }: Ask): Promise<void> {
  const { context, control } = conversation
  const keys = anyone && control !== undefined ? await askKeys(conversation) : undefined
  const body = encodeFetch({ ...fetch, key: keys?.publicKey ?? new Uint8Array() })
  const changes = await recordChanges(conversation, 'fetch', body)
  await context.store.commit([...(keys?.changes ?? []), ...changes])
  conversation.outlet.wake(conversation)
}

/** The private half of the key of the open requests; undefined while nothing is asked for. */
export async function askPrivateKey({ id, context }: Conversation): Promise<Uint8Array | undefined> {
  return (await context.store.get('keyPackages', [refOf(id)]))?.privateBytes
}

/** The write that deletes that key once nothing is missing any more. */
export function askKeyDropped(id: ConversationId, before: ConversationState, after: ConversationState): Change[] {
  return isMissing(before) && !isMissing(after) ? [{ delete: 'keyPackages', key: [refOf(id)] }] : []
}

/** What an answer is sealed for: it opens as the answer to that device, in that conversation. */
export function answerInfo(conversation: ConversationId, asker: DeviceId): Uint8Array {
  return signedBytes(SERVED, fromHex(conversation), fromHex(asker))
}

/** One pair for all that is asked for until nothing is missing: an answer to an earlier request is as good. */
async function askKeys({ id, context }: Conversation): Promise<{ publicKey: Uint8Array; changes: Change[] }> {
  const known = await context.store.get('keyPackages', [refOf(id)])
  const expiresAt = context.clock.now() + ASK_KEY_MS
  if (known !== undefined)
    return { publicKey: known.publicBytes, changes: [{ put: 'keyPackages', row: { ...known, expiresAt } }] }
  const { publicKey, privateKey } = await createAskKeys(context.engine)
  // Not among those by which somebody comes in, which have the first half of the id for a name.
  const invitation = id.slice(32) as InvitationId
  const row = { ref: refOf(id), invitation, publicBytes: publicKey, privateBytes: privateKey, expiresAt }
  return { publicKey, changes: [{ put: 'keyPackages', row }] }
}

function isMissing({ devices }: ConversationState): boolean {
  return devices.some(({ missing }) => missing !== undefined)
}

function refOf(id: ConversationId): string {
  return `ask ${id}`
}
