import type { AccountId, Change, ConversationId, Rows } from '@sotto/interface'
import { decodeGroupWithdrawBody, encodeGroupWithdrawBody, fromHex, toHex } from '@sotto/wire'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { AwaitedGroup } from '../snapshots/client-snapshots.ts'
import { groupRequest } from './invite.ts'
import { keyPackagesOf } from './key-packages.ts'

/** Takes an invitation back that was made from here and is not answered; the invited one is told. False when there is none. */
export async function takeBackInvite(
  { store }: Context,
  pair: Conversation | undefined,
  about: { conversation: ConversationId; account: AccountId },
): Promise<boolean> {
  const key = [about.conversation, about.account, 'out'] as const
  const row = await store.get('groupInvites', key)
  if (row === undefined) return false
  const gone: Change = { delete: 'groupInvites', key }
  // One that was not sent yet never existed for anybody else.
  if (row.state === 'due' || pair === undefined) await store.commit([gone])
  else await sayTakenBack(pair, about.conversation, [gone])
  return true
}

/** Tells whoever is at the other end of a 1:1 that they are not let into a group after all; `unusable`, that it is for the keys of their yes. */
export async function sayTakenBack(
  pair: Conversation,
  conversation: ConversationId,
  changes: readonly Change[] = [],
  unusable = false,
): Promise<void> {
  const body = encodeGroupWithdrawBody({ conversation: fromHex(conversation), unusable })
  await pair.lane.run(() => pair.compose('group.withdraw', body, changes))
}

/** An invitation was taken back in the 1:1 that brought it. Answers what changes; nothing when it was not open, or we are in. */
export async function takeWithdraw(
  { store, clock }: Context,
  event: Rows['events'],
): Promise<{ changes: readonly Change[]; row?: Rows['groupInvites']; isUnusable?: boolean }> {
  const body = decodeGroupWithdrawBody(event.body)
  if (!body.ok) return { changes: [] }
  const conversation = toHex<ConversationId>(body.value.conversation)
  const row = await store.get('groupInvites', [conversation, event.account, 'in'])
  if (row === undefined || (row.state !== 'open' && row.state !== 'accepted')) return { changes: [] }
  if ((await store.get('conversations', [conversation]))?.phase === 'active') return { changes: [] }
  const gone = { ...row, state: 'withdrawn', at: clock.now() }
  const { unusable: isUnusable } = body.value
  return { changes: [{ put: 'groupInvites', row: gone }, ...(await keysFor(store, row))], row: gone, isUnusable }
}

/** The keys of a yes that nobody wants any more: nobody can be brought in with them. */
async function keysFor(store: Context['store'], row: Rows['groupInvites']): Promise<Change[]> {
  const rows = await store.list('groupInvites', { prefix: [row.conversation] })
  const isNeeded = rows.some(({ account, state }) => account !== row.account && state === 'accepted')
  if (row.state !== 'accepted' || isNeeded) return []
  const made = await store.listBy('keyPackages.invitation', { prefix: [keyPackagesOf(row.conversation)] })
  return made.map(({ ref }): Change => ({ delete: 'keyPackages', key: [ref] }))
}

/** Groups that this account has said yes to and is not in yet, and those it was uninvited from; the newest first. */
export async function awaitedGroups(
  { store }: Context,
  conversations: ReadonlyMap<ConversationId, Conversation>,
): Promise<AwaitedGroup[]> {
  const isAwaited = (row: Rows['groupInvites']): boolean => {
    if (row.direction !== 'in') return false
    const known = conversations.get(row.conversation)
    if (row.state === 'accepted') return known === undefined || (known.isOver && row.at > known.row.createdAt)
    return row.state === 'withdrawn'
  }
  const rows = (await store.list('groupInvites')).filter(isAwaited).toSorted((a, b) => b.at - a.at)
  return Promise.all(
    rows.map(async (row): Promise<AwaitedGroup> => {
      const { id, account, name, title = '' } = await groupRequest(store, row)
      const state = row.state === 'accepted' ? 'waiting' : 'taken-back'
      return { id, conversation: row.conversation, account, name, title, state, at: row.at }
    }),
  )
}

/** A person has seen that an invitation was taken back. False when there is no such one. */
export async function dismissTakenBack({ store }: Context, id: string): Promise<boolean> {
  const row = (await store.list('groupInvites')).find(({ request, state }) => request === id && state === 'withdrawn')
  if (row !== undefined) await store.commit([{ put: 'groupInvites', row: { ...row, state: 'declined' } }])
  return row !== undefined
}
