import type { Rows } from '@sotto/interface'
import type { Context } from '../context.ts'
import { advance } from '../groups/advance.ts'
import { loadInvited } from '../groups/invite.ts'
import { introduce } from '../invitations/requests.ts'
import { countUnread } from '../snapshots/unread.ts'
import type { Conversation } from './conversation.ts'
import { loadConversation } from './load.ts'
import { retireIfOut } from './move.ts'
import type { Outlet } from './outlet.ts'
import { unparkAll } from './receive.ts'

/** A stored conversation with all that a view shows of it. */
export async function reload(context: Context, outlet: Outlet, row: Rows['conversations']): Promise<Conversation> {
  const conversation = await loadConversation(context, outlet, row)
  if (conversation.kind === 'pair') {
    const contact = await context.store.get('contacts', [row.peer])
    conversation.peerName = contact?.name ?? row.title
    conversation.verified = contact?.verified === 1
  } else await loadInvited(conversation)
  conversation.unread = await countUnread(context.store, conversation)
  return conversation
}

/** Begins again after a start of the store: what a crash may have left undone is done. `onStuck` is told what could not be. */
export async function restart(
  conversation: Conversation,
  boot: number,
  onStuck: (error: unknown) => void,
): Promise<void> {
  const { row, context, relays } = conversation
  await conversation.lane.run(async () => {
    await conversation.step({ type: 'start', boot })
    // Said again: a crash may have come between the conversation's first words and this.
    await conversation.step({ type: 'relays', count: relays.length })
    if (row.phase === 'active') await introduce(conversation)
    // A crash may have come between coming back into a group and this.
    if (row.phase === 'active') await conversation.step({ type: 'receipts', on: true, now: context.clock.now() })
    // What cannot be done in one conversation must not keep all from starting.
    if (conversation.control !== undefined) await advance(conversation).catch(onStuck)
    // Likewise between its end and what follows from it.
    retireIfOut(conversation)
    await unparkAll(conversation)
  })
}
