import { roster } from '@sotto/group'
import type { ConversationId, DeviceId } from '@sotto/interface'
import { encodeDeviceJoinBody, fromHex } from '@sotto/wire'
import { fromString, toString } from 'uint8arrays'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { leftOut } from '../groups/left-out.ts'
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
  // Whoever is granted and not in yet would not hear it: its log begins with the commit.
  const isIn = new Set(roster(own.tip).map(({ device }) => device))
  const wanted = own.control?.view.desired.filter(
    ({ device }) => device !== self && isIn.has(device) && own.control?.accountOf(device) === account,
  )
  for (const { device } of wanted ?? []) {
    for (const conversation of conversations().values()) {
      if (isLacking(conversation, device)) await askIn(context, own, conversation, device)
    }
  }
}

function isLacking(conversation: Conversation, device: DeviceId): boolean {
  const { kind, row, control, state, context } = conversation
  if (kind === 'self' || row.phase !== 'active' || control === undefined) return false
  const { account } = context.profile()
  const ours = control.view.tree.filter((leaf) => control.accountOf(leaf.device) === account)
  const isIn = control.view.desired.some((leaf) => leaf.device === device)
  // One that was left out needs another key package.
  const isWithout = leftOut(conversation).some((leaf) => leaf.device === device)
  return ours[0]?.device === state.self && (!isIn || isWithout)
}

async function askIn(context: Context, own: Conversation, about: Conversation, device: DeviceId): Promise<void> {
  const key = askedKey(about.id, device)
  const before = await context.store.get('meta', [key])
  if (before !== undefined && !isOldRefusal(toString(before.value), context.clock.now())) return
  const body = encodeDeviceJoinBody({ conversation: fromHex(about.id), device: fromHex(device) })
  const asked = { put: 'meta', row: { key, value: fromString(String(context.clock.now())) } } as const
  await own.lane.run(() => own.compose('device.join', body, [asked]))
}

/** What is noted when a device has answered with keys that do not work. */
export function refusedNote(now: number): Uint8Array {
  return fromString(`${REFUSED}${String(now)}`)
}

function isOldRefusal(note: string, now: number): boolean {
  return note.startsWith(REFUSED) && now - Number(note.slice(REFUSED.length)) > AGAIN_MS
}

const REFUSED = 'refused '
/** A clock may have been put right. */
const AGAIN_MS = 86_400_000

/** Under what is noted that a device was asked into a conversation. */
export function askedKey(conversation: ConversationId, device: DeviceId): string {
  return `asked in ${conversation} ${device}`
}
