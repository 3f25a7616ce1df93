import { newConversation } from '@sotto/core'
import { foundPair, generationKeys, roster, type EpochState } from '@sotto/group'
import {
  addressToBytes,
  decodeLink,
  formatLink,
  knockGeneration,
  type Invitation,
  type InvitationLinkRecord,
} from '@sotto/identity'
import type { Change, ConversationId, Relay, RelayResult, Rows } from '@sotto/interface'
import {
  encodeInner,
  encodeProfileBody,
  encodeTextBody,
  fromHex,
  isMessageText,
  mailboxId,
  parametersOf,
} from '@sotto/wire'
import type { Context } from '../context.ts'
import { Conversation } from '../conversation/conversation.ts'
import type { Outlet } from '../conversation/outlet.ts'
import { generationContext, putEpoch, putGeneration } from '../conversation/epochs.ts'
import { unneededNodes } from '../conversation/tree-nodes.ts'
import { outboxRow, putOutbox, type OutboxRow } from '../conversation/outbox-row.ts'
import { ClientError, invitationError, relayError } from '../errors.ts'
import { Control } from '../groups/control.ts'
import { createPair } from '../groups/pair.ts'
import { prepareThing } from '../groups/say.ts'
import { deposit } from '../mail/deposit.ts'
import { isReached } from '../mail/reach.ts'
import { bootOf } from '../profile.ts'
import { isLost } from '../restore/lost.ts'
import { fetchInvitation, readLink } from './fetch.ts'

/** Says hello to whoever made the invitation. Throws, with nothing kept, unless a relay has stored the hello. */
export async function joinByLink(
  context: Context,
  outlet: Outlet,
  ask: { link: string; message?: string },
  options: { signal: AbortSignal },
): Promise<{ conversation: Conversation; inviter: string }> {
  const link = readLink(ask.link)
  if (ask.message !== undefined && ask.message !== '' && !isMessageText(ask.message)) throw badText()
  const { invitation, relays } = await fetchInvitation(context, link, options)
  await assertWelcome(context, invitation)
  const { conversation, welcome } = await found(context, outlet, link, invitation)
  const knock = await conversation.lane.run(() => composeKnock(conversation, link, welcome, ask.message))
  const stored = await knockAt(context, { link, invitation, relays }, knock, options)
  if (stored !== undefined) {
    await erase(conversation)
    throw stored
  }
  await conversation.lane.run(() => settleKnock(conversation, knock))
  return { conversation, inviter: invitation.name }
}

export function badText(): ClientError {
  return new ClientError('bad-text', 'A message holds 1 to 16,384 bytes of text.')
}

async function assertWelcome(context: Context, invitation: Invitation): Promise<void> {
  if (invitation.account === context.profile().account) throw invitationError('own')
  const contact = await context.store.get('contacts', [invitation.account])
  if (contact?.blocked === 1) throw invitationError('blocked')
  if (await isLost(context, invitation.chain)) throw invitationError('lost')
}

/** Founds the pair conversation with one of the invitation's key packages, and keeps it. */
async function found(
  context: Context,
  outlet: Outlet,
  link: InvitationLinkRecord,
  invitation: Invitation,
): Promise<{ conversation: Conversation; welcome: Uint8Array }> {
  const { engine, verify, random, clock, store } = context
  const profile = context.profile()
  const pick = (random.bytes(1)[0] ?? 0) % invitation.keyPackages.length
  const founded = await foundPair(engine, {
    conversation: random.bytes(32),
    self: { deviceSeed: profile.deviceSeed, credential: profile.chain },
    peerKeyPackage: invitation.keyPackages[pick] ?? new Uint8Array(),
    verify,
    now: Math.floor(clock.now() / 1000),
  })
  if (!founded.ok) throw invitationError('forged')
  const { state, commit, welcome } = founded.value
  if (!roster(state).some((member) => member.account === invitation.account)) throw invitationError('forged')
  const now = clock.now()
  const parts = await newParts(context, state, {
    peer: invitation.account,
    phase: 'founding',
    title: invitation.name,
    relays: link.relays,
    createdAt: now,
  })
  const conversation = new Conversation(context, outlet, parts)
  conversation.peerName = invitation.name
  const contact = await store.get('contacts', [invitation.account])
  conversation.verified = contact?.verified === 1
  const changes: Change[] = [
    ...putEpoch(state, { parent: '', commit, opens: true, createdAt: now }),
    putGeneration(conversation.generation, state),
    {
      put: 'contacts',
      row: contact ?? {
        account: invitation.account,
        name: invitation.name,
        chain: invitation.chain,
        verified: 0,
        blocked: 0,
        addedAt: now,
      },
    },
  ]
  await conversation.lane.run(async () => {
    const said = await prepareThing(conversation, Control.empty, createPair(profile, invitation, state.epochId))
    conversation.setControl(said.control)
    await begin(conversation, [...changes, ...said.changes])
  })
  return { conversation, welcome }
}

/** What a new conversation's object is made of; nothing is stored yet. */
export async function newParts(
  context: Context,
  state: EpochState,
  about: Pick<Rows['conversations'], 'peer' | 'phase' | 'title' | 'createdAt'> & {
    readonly kind?: 'pair' | 'group' | 'self'
    readonly relays: readonly string[]
  },
): Promise<ConstructorParameters<typeof Conversation>[2]> {
  const { account, device } = context.profile()
  const boot = await bootOf(context.store)
  const generation = await generationContext(context.engine, state, about.createdAt)
  const { relays, ...rest } = about
  return {
    row: {
      kind: 'pair',
      ...rest,
      conversation: state.conversation,
      tip: state.epochId,
      state: new Uint8Array(),
      relays: JSON.stringify(relays),
      readLamport: 0,
    },
    state: newConversation({
      conversation: state.conversation,
      self: device,
      account,
      epochId: state.epochId,
      boot,
      receipts: true,
    }),
    tip: state,
    generations: [generation],
  }
}

/** The first transaction of a conversation: everything that makes it, and who is in it. */
export async function begin(conversation: Conversation, changes: readonly Change[]): Promise<void> {
  const members = roster(conversation.tip).map(({ device, account }) => ({ device, account }))
  await conversation.step({ type: 'members', members, epochId: conversation.tip.epochId }, { changes, row: {} })
  await conversation.step({ type: 'relays', count: conversation.relays.length })
}

/** The hello: Welcome, name and text. Kept before it is sent, with the link, so that a crash can send it again. */
async function composeKnock(
  conversation: Conversation,
  link: InvitationLinkRecord,
  welcome: Uint8Array,
  message: string | undefined,
): Promise<OutboxRow> {
  const { store, clock, profile } = conversation.context
  await conversation.compose('profile', encodeProfileBody({ name: profile().name }))
  if (message !== undefined && message !== '') await conversation.compose('text', encodeTextBody({ text: message }))
  await conversation.step({ type: 'seal-due' })
  const outbox = await store.list('outbox', { prefix: [conversation.id] })
  // The words first, then the first thing of the control chain.
  const items = ['application', 'control'].flatMap((kind) => outbox.filter((row) => row.kind === kind))
  const relays = link.relays.map((address) => addressToBytes(address))
  const inner = encodeInner({
    item: { case: 'knock', value: { welcome, items: items.map((row) => row.inner), relays } },
  })
  const row: OutboxRow = {
    ...outboxRow({
      conversation: conversation.id,
      kind: 'knock',
      inner,
      generation: conversation.generation.id,
      createdAt: clock.now(),
    }),
    generation: formatLink(link),
  }
  await store.commit(putOutbox(row))
  return row
}

/** Puts the hello into the invitation's mailbox at each relay; undefined when at least one has stored it, else why not. */
async function knockAt(
  context: Context,
  at: { link: InvitationLinkRecord; invitation: Invitation; relays: readonly Relay[] },
  row: OutboxRow,
  options: { signal: AbortSignal },
): Promise<ClientError | undefined> {
  const { params, writeKey } = at.invitation.knock
  const keys = generationKeys(knockGeneration(at.link.secret).secret)
  const mailbox = mailboxId(parametersOf(params))
  const knock = fromHex(row.innerId).slice(0, 16)
  const knockOnce = async (relay: Relay): Promise<RelayResult<void>> => {
    for (;;) {
      const done = await deposit({ relay, mailbox, writeKey, keys, knock, powBits: params.powBits }, row.inner)
      // It may have been stored and only the answer lost: given up now, it would be a hello from nobody.
      if (done.ok || done.reason !== 'unreachable' || options.signal.aborted) return done
      if (!(await isReached(context.clock, relay, options))) return done
    }
  }
  const answers = await Promise.all(at.relays.map(knockOnce))
  if (answers.some((answer) => answer.ok)) return undefined
  const [refused] = answers
  const reason = refused === undefined || refused.ok ? 'unreachable' : refused.reason
  return reason === 'full' || reason === 'unknown' || reason === 'expired'
    ? invitationError(reason)
    : relayError(reason)
}

/** The hello is stored: from now on we wait for an answer. */
async function settleKnock(conversation: Conversation, knock: OutboxRow): Promise<void> {
  const done: Change = { delete: 'outbox', key: [conversation.id, knock.innerId] }
  // The answer may have been quicker than this note.
  await conversation.step(
    { type: 'relays', count: conversation.relays.length },
    { changes: [done], happening: 'hello-stored' },
  )
}

/** Sends the hello of a join that a crash interrupted, again. Throws as a join does; false when there is nothing left to send. */
export async function resumeKnock(conversation: Conversation, options: { signal: AbortSignal }): Promise<boolean> {
  const { context } = conversation
  if (conversation.row.phase !== 'founding') return true
  const rows = await context.store.list('outbox', { prefix: [conversation.id] })
  const knock = rows.find((row) => row.kind === 'knock')
  const link = decodeLink(knock?.generation ?? '')
  if (knock === undefined || !link.ok) {
    await erase(conversation)
    return false
  }
  const { invitation, relays } = await fetchInvitation(context, link.value, options)
  const refused = await knockAt(context, { link: link.value, invitation, relays }, knock, options)
  if (refused !== undefined) throw refused
  await conversation.lane.run(() => settleKnock(conversation, knock))
  return true
}

/** Removes a conversation with all that belongs to it. */
export function erase(conversation: Conversation): Promise<void> {
  return conversation.lane.run(async () => {
    conversation.isErased = true
    await eraseRows(conversation.context, conversation.id)
  })
}

async function eraseRows({ store }: Context, conversation: ConversationId): Promise<void> {
  const prefix = [conversation]
  const changes: Change[] = [{ delete: 'conversations', key: prefix }]
  for (const row of await store.list('epochs', { prefix }))
    changes.push({ delete: 'epochs', key: [conversation, row.epochId] })
  changes.push(...(await unneededNodes(store, conversation, [])))
  for (const row of await store.list('generations', { prefix })) {
    changes.push({ delete: 'generations', key: [conversation, row.generation] })
  }
  for (const row of await store.list('events', { prefix })) {
    changes.push({ delete: 'events', key: [conversation, row.device, row.seq] })
  }
  for (const row of await store.list('control', { prefix })) {
    changes.push({ delete: 'control', key: [conversation, row.thing] })
  }
  for (const table of ['outbox', 'inbox', 'seen'] as const) {
    for (const row of await store.list(table, { prefix }))
      changes.push({ delete: table, key: [conversation, row.innerId] })
  }
  await store.commit(changes)
}
