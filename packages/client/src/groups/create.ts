import { found } from '@sotto/group'
import type { AccountId, Address, Change, ConversationId } from '@sotto/interface'
import { CONTROL_KINDS, encodeProfileBody, fromHex } from '@sotto/wire'
import type { Context } from '../context.ts'
import { Conversation } from '../conversation/conversation.ts'
import type { Outlet } from '../conversation/outlet.ts'
import { putEpoch, putGeneration } from '../conversation/epochs.ts'
import { ClientError } from '../errors.ts'
import { begin, newParts } from '../invitations/join.ts'
import { Control } from './control.ts'
import { inviteRow } from './invite.ts'
import { prepareThing } from './say.ts'

const MAX_RELAYS = 3

/**
 * Founds a group with this device alone in it; whoever is invited comes in by saying yes. `invited`: contacts and the 1:1 conversations
 * through which they are asked, which happens by the errands that follow.
 */
export async function createGroup(
  context: Context,
  outlet: Outlet,
  ask: { title: string; invited: readonly { account: AccountId; pair: ConversationId }[] },
): Promise<Conversation> {
  const { engine, verify, random, clock } = context
  const profile = context.profile()
  const now = clock.now()
  const founded = await found(engine, {
    conversation: random.bytes(32),
    self: { deviceSeed: profile.deviceSeed, credential: profile.chain },
    verify,
  })
  if (!founded.ok)
    throw new ClientError('store-broken', 'This device cannot found a group: its own certificate is damaged.')
  const state = founded.value
  const parts = await newParts(context, state, {
    kind: 'group',
    peer: profile.account,
    phase: 'active',
    title: ask.title,
    relays: groupRelays(profile.relays),
    createdAt: now,
  })
  const conversation = new Conversation(context, outlet, parts)
  await conversation.lane.run(async () => {
    const said = await prepareThing(conversation, Control.empty, {
      case: 'create',
      value: {
        kind: CONTROL_KINDS.group,
        title: ask.title,
        founders: [{ chains: [profile.chain], name: profile.name }],
        child: fromHex(state.epochId),
      },
    })
    conversation.setControl(said.control)
    const changes: Change[] = [
      ...putEpoch(state, { parent: '', commit: new Uint8Array(), opens: true, createdAt: now }),
      putGeneration(conversation.generation, state),
      ...said.changes,
      ...ask.invited.map(({ account, pair }): Change => {
        const row = inviteRow(conversation, account, pair)
        return { put: 'groupInvites', row }
      }),
    ]
    await begin(conversation, changes)
    await conversation.compose('profile', encodeProfileBody({ name: profile.name }))
  })
  return conversation
}

/** A group is kept at the relays that its founder uses, three at most. */
function groupRelays(relays: readonly Address[]): readonly Address[] {
  if (relays.length === 0)
    throw new ClientError('no-relay', 'A group is kept at a relay, and none is set. Add a relay first.')
  return relays.slice(0, MAX_RELAYS)
}
