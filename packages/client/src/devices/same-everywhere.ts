import type { AccountId, ConversationId, DeviceId } from '@sotto/interface'
import {
  encodeSelfContactBody,
  encodeSelfReadBody,
  fromHex,
  MAX_READ_MARKS,
  toHex,
  type SelfContactBody,
  type SelfReadBody,
} from '@sotto/wire'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { readElsewhere } from '../conversation/read-elsewhere.ts'
import { ownConversation } from './own-conversation.ts'
import { move } from '../conversation/move.ts'

// What one device of an account does is so on all of them. Each word is absolute, so that the last one holds and none is applied twice.

interface OwnInit {
  readonly context: Context
  conversations(): ReadonlyMap<ConversationId, Conversation>
}

/** Tells the other devices what was read here. */
export async function tellRead({ conversations }: OwnInit, read: Conversation): Promise<void> {
  const own = ownConversation(conversations().values())
  const marks = read.state.devices
    .filter(({ device }) => device !== read.state.self)
    // What was before a device came in it has not shown.
    .map(({ device, read: seq, start }) => ({
      device: fromHex(device),
      seq,
      from: (start ?? 0) + 1,
    }))
    .filter(({ seq, from }) => from <= seq)
    .slice(0, MAX_READ_MARKS)
  if (own === undefined || own.peerDevices.length === 0 || marks.length === 0) return
  const body = encodeSelfReadBody({ conversation: fromHex(read.id), marks })
  await own.lane.run(() => own.compose('self.read', body))
}

/** Another device of ours has shown it to the person: it is not new here any more, and its author is told by that device. */
export async function takeRead({ context, conversations }: OwnInit, body: SelfReadBody): Promise<void> {
  const conversation = conversations().get(toHex<ConversationId>(body.conversation))
  if (conversation === undefined || conversation.isOver) return
  const spans = body.marks.map(({ device, from, seq: to }) => ({ device: toHex<DeviceId>(device), from, to }))
  await conversation.lane.run(() => readElsewhere(conversation, spans))
  context.changed()
}

/** Tells the other devices what was decided about a contact here. */
export async function tellContact({ context, conversations }: OwnInit, account: AccountId): Promise<void> {
  const own = ownConversation(conversations().values())
  const row = await context.store.get('contacts', [account])
  if (own === undefined || own.peerDevices.length === 0 || row === undefined) return
  const body = encodeSelfContactBody({
    account: fromHex(account),
    verified: row.verified === 1,
    blocked: row.blocked === 1,
  })
  await own.lane.run(() => own.compose('self.contact', body))
}

/** What another device of ours has decided about a contact. A block is never undone by an older word. */
export async function takeContact({ context, conversations }: OwnInit, body: SelfContactBody): Promise<void> {
  const { store, clock } = context
  const account = toHex<AccountId>(body.account)
  const known = await store.get('contacts', [account])
  const before = known ?? { account, name: '', chain: new Uint8Array(), verified: 0, blocked: 0, addedAt: clock.now() }
  const row = { ...before, verified: body.verified ? 1 : before.verified, blocked: body.blocked ? 1 : before.blocked }
  await store.commit([{ put: 'contacts', row }])
  for (const conversation of conversations().values()) {
    if (conversation.kind !== 'pair' || conversation.peer !== account) continue
    conversation.verified = row.verified === 1
    if (row.blocked === 1) await conversation.lane.run(() => move(conversation, 'over'))
  }
  context.changed()
}
