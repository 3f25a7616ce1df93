import { found } from '@sotto/group'
import type { Address, Change } from '@sotto/interface'
import { CONTROL_KINDS, encodeProfileBody, fromHex } from '@sotto/wire'
import type { Context } from '../context.ts'
import { Conversation } from '../conversation/conversation.ts'
import type { Outlet } from '../conversation/outlet.ts'
import { putEpoch, putGeneration } from '../conversation/epochs.ts'
import { ClientError } from '../errors.ts'
import { Control } from '../groups/control.ts'
import { prepareThing } from '../groups/say.ts'
import { begin, newParts } from '../invitations/join.ts'

const MAX_RELAYS = 3

/** The conversation of an account's own devices, if there is more than one, or ever was. */
export function ownConversation(conversations: Iterable<Conversation>): Conversation | undefined {
  for (const conversation of conversations) {
    if (conversation.kind === 'self' && conversation.row.phase === 'active') return conversation
  }
  return undefined
}

/** Founds it, with this device alone in it. */
export async function foundOwn(context: Context, outlet: Outlet, relays: readonly Address[]): Promise<Conversation> {
  const { engine, verify, random, clock } = context
  const { account, chain, name, deviceSeed } = context.profile()
  const self = { deviceSeed, credential: chain }
  const founded = await found(engine, { conversation: random.bytes(32), self, verify })
  if (!founded.ok) throw new ClientError('store-broken', "This device's own certificate is damaged. Set it up anew.")
  const state = founded.value
  const now = clock.now()
  const about = { kind: 'self', peer: account, phase: 'active', title: '', createdAt: now } as const
  const parts = await newParts(context, state, { ...about, relays: relays.slice(0, MAX_RELAYS) })
  const conversation = new Conversation(context, outlet, parts)
  await conversation.lane.run(async () => {
    const founders = [{ chains: [chain], name }]
    const value = { kind: CONTROL_KINDS.self, title: '', founders, child: fromHex(state.epochId) }
    const said = await prepareThing(conversation, Control.empty, { case: 'create', value })
    conversation.setControl(said.control)
    const changes: Change[] = [
      ...putEpoch(state, { parent: '', commit: new Uint8Array(), opens: true, createdAt: now }),
      putGeneration(conversation.generation, state),
      ...said.changes,
    ]
    await begin(conversation, changes)
    await conversation.compose('profile', encodeProfileBody({ name }))
  })
  return conversation
}
