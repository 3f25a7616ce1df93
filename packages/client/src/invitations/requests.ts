import { sha256 } from '@noble/hashes/sha2.js'
import { commit } from '@sotto/group'
import {
  refuse,
  type Change,
  type ConversationId,
  type EpochId,
  type InnerId,
  type RequestId,
  type Rows,
} from '@sotto/interface'
import {
  encodeControlAttachment,
  encodeInner,
  encodeLogHeads,
  encodeProfileBody,
  fromHex,
  innerIdOf,
  isHex,
} from '@sotto/wire'
import type { Context } from '../context.ts'
import { Conversation } from '../conversation/conversation.ts'
import type { Outlet } from '../conversation/outlet.ts'
import { putEpoch, putGeneration } from '../conversation/epochs.ts'
import { outboxRow, putOutbox } from '../conversation/outbox-row.ts'
import { receive } from '../conversation/receive.ts'
import { ClientError, unknownId } from '../errors.ts'
import { controlRow } from '../groups/control.ts'
import { prepareThing } from '../groups/say.ts'
import { highestNumber } from '../groups/log-heads.ts'
import type { RequestSnapshot } from '../snapshots/client-snapshots.ts'
import { isLost } from '../restore/lost.ts'
import { stateOf } from './invite.ts'
import { begin, newParts } from './join.ts'
import { openKnock, type OpenedKnock } from './knocks.ts'

/** A request as lists show it. */
export function requestSnapshot(row: Rows['requests']): RequestSnapshot {
  const { request: id, account, name, text: message, receivedAt } = row
  return { id, kind: 'contact', account, name, message, receivedAt }
}

/** A hello came to an invitation: keeps it as a request, once. Nothing is answered, fetched or contacted because of it. */
export function takeKnock(
  context: Context,
  invitation: Rows['invitations'],
  innerId: InnerId,
  inner: Uint8Array,
): Promise<Rows['requests'] | undefined> {
  return context.meetings.run(() => take(context, invitation, innerId as string as RequestId, inner))
}

async function take(
  context: Context,
  invitation: Rows['invitations'],
  request: RequestId,
  inner: Uint8Array,
): Promise<Rows['requests'] | undefined> {
  const { store, clock, logger } = context
  const before = (await store.list('requests')).filter((row) => row.invitation === invitation.invitation)
  if (before.some((row) => row.request === request)) return undefined
  const current = await store.get('invitations', [invitation.invitation])
  // The relay counts too, but it is not ours.
  const isOpen = current !== undefined && stateOf(current, clock.now()) === 'open' && before.length < current.uses
  const opened = isOpen ? await openKnock(context, invitation, inner) : refuse('invitation-closed')
  const isNew = opened.ok && !(await isTaken(context, opened.value.state.conversation))
  const reason = opened.ok ? (isNew ? undefined : 'conversation-exists') : opened.reason
  if (!opened.ok || reason !== undefined) {
    logger.debug('refused', { reason: reason ?? 'unknown' })
    return undefined
  }
  const { account, name, text, state } = opened.value
  const contact = await store.get('contacts', [account])
  if (contact?.blocked === 1) return undefined
  if (await isLost(context, opened.value.chain)) return undefined
  const row: Rows['requests'] = {
    request,
    invitation: invitation.invitation,
    conversation: state.conversation,
    account,
    name,
    text,
    knock: inner,
    receivedAt: clock.now(),
    state: 'open',
  }
  await store.commit([{ put: 'requests', row }])
  return row
}

/** Who founds a conversation names it: a name that is in use here would begin something of ours anew, with keys that were used. */
async function isTaken({ store }: Context, conversation: ConversationId): Promise<boolean> {
  if ((await store.get('conversations', [conversation])) !== undefined) return true
  return (await store.list('requests')).some((row) => row.conversation === conversation)
}

/** The open request with that id, or a thrown `unknown-request`. */
export async function openRequest(context: Context, id: string): Promise<Rows['requests']> {
  const row = isHex(id, 32) ? await context.store.get('requests', [id]) : undefined
  if (row === undefined || row.state !== 'open') throw unknownId('request')
  return row
}

/** Declines a request. The other side is told nothing. */
export async function decline(context: Context, id: string): Promise<void> {
  const row = await openRequest(context, id)
  await context.store.commit([{ put: 'requests', row: { ...row, knock: new Uint8Array(), state: 'declined' } }])
}

/**
 * Says yes: joins the conversation, commits an update at once (what the invitation's keys could open ends here), and keeps
 * all of it in one transaction. Works offline; what leaves waits in the outbox.
 */
export function accept(context: Context, outlet: Outlet, id: string): Promise<Conversation> {
  return context.meetings.run(() => acceptNow(context, outlet, id))
}

async function acceptNow(context: Context, outlet: Outlet, id: string): Promise<Conversation> {
  const request = await openRequest(context, id)
  const invitation = await context.store.get('invitations', [request.invitation])
  if (invitation === undefined) throw unknownId('invitation')
  const opened = await openKnock(context, invitation, request.knock)
  const isTaken = (await context.store.get('conversations', [request.conversation])) !== undefined
  if (!opened.ok || isTaken) {
    throw new ClientError(
      'request-gone',
      'This request can no longer be opened. Ask for a new hello with a new invitation.',
    )
  }
  const conversation = await enter(context, outlet, request, { invitation, opened: opened.value })
  await conversation.lane.run(() => firstWords(conversation, opened.value))
  return conversation
}

async function enter(
  context: Context,
  outlet: Outlet,
  request: Rows['requests'],
  { invitation, opened }: { invitation: Rows['invitations']; opened: OpenedKnock },
): Promise<Conversation> {
  const now = context.clock.now()
  const { state, account, chain, name, begun } = opened
  const committed = await commit(context.engine, state, { update: true }, { opensGeneration: false })
  if (!committed.ok) throw new ClientError('request-broken', 'This request cannot be accepted: its keys do not work.')
  const { parent, child } = committed.value
  const parts = await newParts(context, state, {
    peer: account,
    phase: 'active',
    title: name,
    relays: JSON.parse(invitation.relays) as string[],
    createdAt: now,
  })
  const conversation = new Conversation(context, outlet, {
    ...parts,
    tip: child,
    row: { ...parts.row, tip: child.epochId },
  })
  conversation.peerName = name
  conversation.epochs.remember(parent)
  const followed =
    begun === undefined
      ? commitItem(conversation, state.epochId, committed.value.commit)
      : await commitThing(conversation, begun, { child: child.epochId, mls: committed.value.commit })
  const contact = await context.store.get('contacts', [account])
  // The account is who was compared, whatever device it comes with.
  conversation.verified = contact?.verified === 1
  const changes: Change[] = [
    ...putEpoch(parent, { parent: '', commit: new Uint8Array(), opens: true, createdAt: now }),
    ...putEpoch(child, { parent: state.epochId, commit: followed.commit, opens: false, createdAt: now }),
    putGeneration(conversation.generation, state),
    ...followed.changes,
    { put: 'contacts', row: contact ?? { account, name, chain, verified: 0, blocked: 0, addedAt: now } },
    { put: 'requests', row: { ...request, knock: new Uint8Array(), state: 'accepted' } },
    { put: 'invitations', row: { ...invitation, used: invitation.used + 1 } },
  ]
  await conversation.lane.run(async () => {
    await begin(conversation, changes)
    await conversation.step({ type: 'committed', now })
  })
  return conversation
}

/** The commit as the first version sent it. */
function commitItem(conversation: Conversation, parent: EpochId, mls: Uint8Array): Followed {
  const commit = encodeInner({ item: { case: 'commit', value: { parentEpochId: fromHex(parent), mls } } })
  const generation = conversation.generation.id
  const createdAt = conversation.context.clock.now()
  const row = outboxRow({ conversation: conversation.id, kind: 'commit', inner: commit, generation, createdAt })
  return { commit, changes: putOutbox(row) }
}

/** The commit as a thing of the control chain that the hello began. */
async function commitThing(
  conversation: Conversation,
  { control, kept }: NonNullable<OpenedKnock['begun']>,
  { child, mls }: { child: EpochId; mls: Uint8Array },
): Promise<Followed> {
  const heads = encodeLogHeads({ heads: [] })
  const value = {
    child: fromHex(child),
    added: [],
    removed: [],
    headsHash: sha256(heads),
    floor: highestNumber(conversation),
  }
  const said = await prepareThing(
    conversation,
    control,
    { case: 'commit', value },
    encodeControlAttachment({ mls, heads }),
  )
  conversation.setControl(said.control)
  const first: Change = { put: 'control', row: controlRow(conversation.id, kept, conversation.context.clock.now()) }
  // Its bytes are kept with the thing.
  return { commit: new Uint8Array(), changes: [first, ...said.changes] }
}

interface Followed {
  /** What is kept with the epoch. */
  readonly commit: Uint8Array
  readonly changes: readonly Change[]
}

/** The first words of both: theirs, as any message that comes, and our name. */
async function firstWords(conversation: Conversation, { knock }: OpenedKnock): Promise<void> {
  for (const item of knock.items) await receive(conversation, innerIdOf(item), item, { via: 'mailbox' })
  await introduce(conversation)
}

/** Says our name in a conversation where we have said nothing yet. */
export async function introduce(conversation: Conversation): Promise<void> {
  const { store, profile } = conversation.context
  const own = await store.list('events', { prefix: [conversation.id, profile().device], limit: 1 })
  if (own.length === 0) await conversation.compose('profile', encodeProfileBody({ name: profile().name }))
}
