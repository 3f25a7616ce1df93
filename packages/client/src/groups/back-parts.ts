import type { Change, ConversationId, Rows } from '@sotto/interface'
import { toHex, type Back } from '@sotto/wire'
import type { Arrival, Handled } from '../conversation/arrival.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { keyPackagesOf } from './key-packages.ts'

/** Parts that are kept of one conversation: whoever knows its older keys may put any number there. */
const MAX_KEPT_PARTS = 10

/** Keeps a part of what lets this device in again, if it has asked for that. Runs in the lane. */
export async function receiveBack(conversation: Conversation, back: Back, { seen }: Arrival): Promise<Handled> {
  const { context, id } = conversation
  const asked = await context.store.listBy('keyPackages.invitation', { prefix: [keyPackagesOf(id)] })
  if (toHex(back.device) !== context.profile().device || asked.length === 0) return { refused: 'not-asked-for' }
  const kept = await keptParts(conversation)
  const dropped = kept.length < MAX_KEPT_PARTS ? [] : kept
  const key = `${prefixOf(id)}${toHex(back.bundleHash)} ${String(back.part)} ${String(back.parts)}`
  await context.store.commit([
    seen,
    ...dropped.map(({ key: old }): Change => ({ delete: 'meta', key: [old] })),
    { put: 'meta', row: { key, value: back.bytes.slice() } },
  ])
  conversation.outlet.errands()
  return { done: true }
}

/** The parts that have come and were not used. */
export async function keptParts({ id, context }: Conversation): Promise<Rows['meta'][]> {
  const prefix = prefixOf(id)
  const rows = await context.store.list('meta', { prefix: [], after: [prefix], limit: MAX_KEPT_PARTS + 1 })
  return rows.filter(({ key }) => key.startsWith(prefix))
}

/** The hash of the bundle that a kept part is of. */
export function hashIn({ key }: Rows['meta']): string {
  return key.split(' ')[2] ?? ''
}

function prefixOf(id: ConversationId): string {
  return `back ${id} `
}
