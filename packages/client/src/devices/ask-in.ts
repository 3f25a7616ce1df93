import type { ConversationId, DeviceId } from '@sotto/interface'
import { encodeDeviceJoinBody, fromHex } from '@sotto/wire'
import { fromString } from 'uint8arrays'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { ownConversation } from './own-conversation.ts'

interface AskInit {
  readonly context: Context
  conversations(): ReadonlyMap<ConversationId, Conversation>
}

/**
 * Asks the other devices of this account into every conversation that they are not in, once each: in each conversation its first device of
 * the account does. They answer with a key package (see `take-own.ts`).
 */
export async function askDevicesIn({ context, conversations }: AskInit): Promise<void> {
  const own = ownConversation(conversations().values())
  if (own === undefined) return
  const { account, device: self } = context.profile()
  const wanted = own.control?.view.desired.filter(
    ({ device }) => device !== self && own.control?.accountOf(device) === account,
  )
  for (const { device } of wanted ?? []) {
    for (const conversation of conversations().values()) {
      if (isLacking(conversation, device)) await askIn(context, own, conversation, device)
    }
  }
}

function isLacking({ kind, row, control, state, context }: Conversation, device: DeviceId): boolean {
  if (kind === 'self' || row.phase !== 'active' || control === undefined) return false
  const { account } = context.profile()
  const ours = control.view.tree.filter((leaf) => control.accountOf(leaf.device) === account)
  return ours[0]?.device === state.self && !control.view.desired.some((leaf) => leaf.device === device)
}

async function askIn(context: Context, own: Conversation, about: Conversation, device: DeviceId): Promise<void> {
  const key = askedKey(about.id, device)
  if ((await context.store.get('meta', [key])) !== undefined) return
  const body = encodeDeviceJoinBody({ conversation: fromHex(about.id), device: fromHex(device) })
  const asked = { put: 'meta', row: { key, value: fromString(String(context.clock.now())) } } as const
  await own.lane.run(() => own.compose('device.join', body, [asked]))
}

/** Under what is noted that a device was asked into a conversation. */
export function askedKey(conversation: ConversationId, device: DeviceId): string {
  return `asked in ${conversation} ${device}`
}
