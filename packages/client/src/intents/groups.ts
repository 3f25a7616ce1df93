import { wouldBe, type Body } from '@sotto/group'
import type { AccountId } from '@sotto/interface'
import { fromHex, isHex } from '@sotto/wire'
import type { Messenger } from '../client.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { ClientError, unknownId } from '../errors.ts'
import { advance } from '../groups/advance.ts'
import { createGroup } from '../groups/create.ts'
import { inviteRow, loadInvited } from '../groups/invite.ts'
import { say, type Saying } from '../groups/say.ts'
import { sayTakenBack } from '../groups/take-back.ts'
import type { IntentTable } from './table.ts'

/** One account less than a group may have: whoever founds it is in it. */
const MAX_INVITED = 255
const MAX_TITLE_CHARACTERS = 64

type Names = 'groupCreate' | 'groupAdd' | 'groupRemove' | 'groupRole' | 'groupLeave' | 'groupRename'

/** Groups: who is in them, and as what. All of it works offline and is sent later. */
export function groupIntents(messenger: Messenger): Pick<IntentTable, Names> {
  const { context } = messenger
  return {
    groupCreate: async ({ title, members }) => {
      messenger.assertMayMeet()
      const checked = checkedTitle(title)
      const accounts = [...new Set(members)]
      if (accounts.length > MAX_INVITED) throw new ClientError('group-full', 'A group has at most 256 people.')
      const invited = accounts.map((account) => ({
        account: account as AccountId,
        pair: contact(messenger, account).id,
      }))
      const group = await createGroup(context, messenger.network, { title: checked, invited })
      messenger.add(group)
      await messenger.errands.run()
      await loadInvited(group)
      return { conversation: group.id, invited: invited.map(({ account }) => account) }
    },
    groupAdd: async ({ conversation, account }) => {
      const group = groupOf(messenger, conversation)
      const pair = contact(messenger, account)
      if (group.ownRole === 'member') throw notAllowed()
      if (group.control?.roleOf(pair.peer) !== undefined)
        throw new ClientError('already-in', 'They are in the group already.')
      await context.store.commit([{ put: 'groupInvites', row: inviteRow(group, pair.peer, pair.id) }])
      await messenger.errands.run()
      await loadInvited(group)
      return {}
    },
    groupRemove: async ({ conversation, account }) => {
      const group = groupOf(messenger, conversation)
      if (isHex(account, 32) && (await messenger.errands.takeBack(group, account as AccountId))) {
        await loadInvited(group)
        return {}
      }
      const id = member(group, account)
      const isIn = group.control?.view.tree.some(({ device }) => group.control?.accountOf(device) === id)
      await act(group, { kind: 'remove', account: id }, { case: 'remove', value: { account: fromHex(id) } })
      // Whoever was not let in yet is not told by the group.
      const pair = isIn === true ? undefined : messenger.pairWith(id)
      if (pair !== undefined) await sayTakenBack(pair, group.id)
      return {}
    },
    groupRole: async ({ conversation, account, role }) => {
      const group = groupOf(messenger, conversation)
      const id = member(group, account)
      const kind = role === 'admin' ? 'appoint' : 'demote'
      if (group.control?.roleOf(id) === role) return {}
      await act(group, { kind, account: id }, { case: kind, value: { account: fromHex(id) } })
      return {}
    },
    groupLeave: async ({ conversation }) => {
      const group = groupOf(messenger, conversation)
      await act(group, { kind: 'leave' }, { case: 'leave', value: {} })
      return {}
    },
    groupRename: async ({ conversation, title }) => {
      const group = groupOf(messenger, conversation)
      const checked = checkedTitle(title)
      if (group.title === checked) return {}
      await act(group, { kind: 'rename', title: checked }, { case: 'rename', value: { title: checked } })
      return {}
    },
  }
}

/** Says a thing in the group, if by its rules it would count, and does what follows from it. */
async function act(group: Conversation, body: Body, said: Saying): Promise<void> {
  const { context } = group
  const { account, device } = context.profile()
  await group.lane.run(async () => {
    const { control } = group
    if (control === undefined || !wouldBe(control.log, body, { account, device })) throw notAllowed()
    const isLeaving = body.kind === 'leave'
    await say(group, said, isLeaving ? { happening: 'leave' } : {})
    await advance(group)
  })
  context.changed()
}

function groupOf(messenger: Messenger, id: string): Conversation {
  messenger.assertMayMeet()
  const group = messenger.get(id)
  if (group.kind !== 'group') throw new ClientError('not-a-group', 'This conversation is no group.')
  if (group.isOver) throw new ClientError('ended', 'You are no longer in this group.')
  return group
}

/** The conversation with a contact: only people who have said yes to each other can be invited. */
function contact(messenger: Messenger, account: string): Conversation {
  const pair = isHex(account, 32) ? messenger.pairWith(account as AccountId) : undefined
  if (pair !== undefined) return pair
  throw new ClientError('not-a-contact', 'Only contacts who have accepted can be invited into a group.')
}

function member({ control }: Conversation, account: string): AccountId {
  const known = isHex(account, 32) ? (account as AccountId) : undefined
  if (known === undefined || control?.roleOf(known) === undefined) throw unknownId('account')
  return known
}

function checkedTitle(title: string): string {
  const trimmed = title.trim().normalize('NFC')
  const characters = [...trimmed].length
  if (characters >= 1 && characters <= MAX_TITLE_CHARACTERS) return trimmed
  throw new ClientError('bad-title', `A group's name has 1 to ${MAX_TITLE_CHARACTERS} characters.`)
}

function notAllowed(): ClientError {
  return new ClientError('not-allowed', 'Your role in this group does not allow that.')
}
