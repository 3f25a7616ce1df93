import { sha256 } from '@noble/hashes/sha2.js'
import type { Input } from '@sotto/core'
import { join, roster, welcomeRefs, type ConversationKind, type EpochState } from '@sotto/group'
import { bytesToAddress } from '@sotto/identity'
import {
  ok,
  refuse,
  type AccountId,
  type Address,
  type Change,
  type ConversationId,
  type Result,
  type Rows,
  type DeviceId,
} from '@sotto/interface'
import {
  decodeLogHeads,
  decodeSignedRecord,
  decodeWelcomeBundle,
  toHex,
  unpackThings,
  type LogHeads,
  type WelcomeBundle,
} from '@sotto/wire'
import type { Context } from '../context.ts'
import { Conversation } from '../conversation/conversation.ts'
import type { Outlet } from '../conversation/outlet.ts'
import { putEpoch, putGeneration } from '../conversation/epochs.ts'
import { newParts } from '../invitations/join.ts'
import { introduce } from '../invitations/requests.ts'
import { answerDone } from './answer-again.ts'
import { checkThing } from './checked-thing.ts'
import { floorOf } from './floors.ts'
import { Control, controlRow, type Kept } from './control.ts'
import { keyPackagesOf } from './key-packages.ts'
import { noteReach } from './reach.ts'
import { areAmong } from './same-devices.ts'

type Start = NonNullable<Extract<Input, { type: 'members' }>['start']>[number]

/** What a bundle holds after all checks. */
interface Opened {
  readonly state: EpochState
  readonly control: Control
  readonly start: readonly Start[]
  readonly relays: readonly Address[]
}

/**
 * Enters a conversation that this device has made a key package for: a group that its account has said yes to, or what another device of the
 * account is in. Answers the conversation, or why the bundle is of no use: nobody can be put into one otherwise. `done`: what is noted in the same transaction. `known`: the conversation, if this device was in it before.
 */
export async function enterGroup(
  context: Context,
  outlet: Outlet,
  about: {
    conversation: ConversationId
    bundle: Uint8Array
    done: readonly Change[]
    known: Conversation | undefined
    /**
     * What may be entered by this way: by another person's word a group, by that of an own device whatever that one is in, and the account's own
     * conversation when the device is linked, and at no other time; by a grant of its own the one that this device was in before.
     */
    by: 'person' | 'own device' | 'linking' | 'itself'
  },
): Promise<Result<Conversation>> {
  const opened = await openBundle(context, about.conversation, about.bundle)
  if (!opened.ok) return opened
  const { state, control, start, relays } = opened.value
  const { is } = control.view
  if (!WAYS[about.by].includes(is)) return refuse('other-kind')
  const peer = is === 'pair' ? otherIn(context, control) : context.profile().account
  if (peer === undefined) return refuse('not-a-pair')
  // The same name for something else must not take the place of what was.
  if (about.known !== undefined && (about.known.kind !== is || !isSame(about.known, control)))
    return refuse('other-conversation')
  // What this device has said while it was out belongs to its chain: it goes on from there.
  const merged = control.with([...(about.known?.control?.kept.values() ?? [])])
  if (about.known !== undefined && (await isFollowing(about.known, merged))) return refuse('not-needed')
  const anew = about.known === undefined ? [] : await outSince(about.known, merged)
  const isBack = about.by === 'itself' || isByOwnGrant(about.known, control)
  // What it knows itself may say that the others have gone on elsewhere, or without the committer.
  if (isBack && merged.view.tip !== state.epochId) return refuse('not-the-tip')
  if ((await context.store.get('contacts', [peer]))?.blocked === 1) return refuse('blocked')
  const now = context.clock.now()
  const parts = await newParts(context, state, {
    kind: is,
    peer,
    phase: 'active',
    title: control.view.title,
    relays,
    createdAt: now,
  })
  const conversation = about.known ?? new Conversation(context, outlet, parts)
  await conversation.lane.run(async () => {
    const changes: Change[] = [
      ...about.done,
      ...putEpoch(state, { parent: '', commit: new Uint8Array(), opens: true, createdAt: now }),
      ...parts.generations.map((generation) => putGeneration(generation, state)),
      ...[...control.kept.values()].map((kept): Change => ({
        put: 'control',
        row: controlRow(state.conversation, kept, now),
      })),
      ...(await answered(context, state.conversation)),
      answerDone(state.conversation),
      ...(is === 'pair' ? await contactOf(context, control, peer) : []),
    ]
    const committed = (): void => {
      if (about.known !== undefined) conversation.comeBack(parts)
      conversation.setControl(merged)
    }
    const row = { tip: state.epochId, relays: JSON.stringify(relays), title: control.view.title }
    await conversation.step(
      {
        type: 'members',
        members: roster(state).map(({ device, account }) => ({ device, account })),
        epochId: state.epochId,
        floor: floorOf(merged, state.epochId) ?? 0,
        ...(isBack ? continued(conversation, start) : { start, anew }),
      },
      { changes, row, committed, happening: 'let-in' },
    )
    await conversation.step({ type: 'relays', count: relays.length })
    await conversation.step({ type: 'receipts', on: true, now })
    await noteReach(conversation)
    await introduce(conversation)
  })
  await context.rotateSecrets?.()
  const contact = is === 'pair' ? await context.store.get('contacts', [peer]) : undefined
  conversation.peerName = contact?.name ?? ''
  conversation.verified = contact?.verified === 1
  return ok(conversation)
}

/** The log goes on where it is: nobody's events are passed over, and the others get what they have not acknowledged. */
function continued(
  { state }: Conversation,
  start: readonly Start[],
): Pick<Extract<Input, { type: 'members' }>, 'start' | 'returned'> {
  const others = state.devices.filter(({ device, live }) => live && device !== state.self)
  return {
    start: start.map(({ device, account }) => ({ device, account, seq: 0 })),
    returned: others.map(({ device }) => device),
  }
}

const WAYS: Readonly<Record<'person' | 'own device' | 'linking' | 'itself', readonly ConversationKind[]>> = {
  person: ['group'],
  'own device': ['group', 'pair'],
  linking: ['self'],
  itself: ['group', 'pair', 'self'],
}

/** Whether both logs begin with the same thing. */
function isSame(known: Conversation, { kept }: Control): boolean {
  const create = [...kept.values()].find(({ thing }) => thing.body.kind === 'create')
  return create !== undefined && known.control?.kept.has(create.thing.id) === true
}

/**
 * Whether this device is in it and gets to the tip by what it holds: nobody's Welcome takes it out of that. If all that it holds lies beside
 * the path, or its leaf has been another since, it cannot.
 */
async function isFollowing(known: Conversation, { view }: Control): Promise<boolean> {
  if (known.isOver) return false
  const { self } = known.state
  for (const epochId of view.path.toReversed()) {
    if (await known.epochs.has(epochId)) return true
    const commit = view.effective.find(({ body }) => body.kind === 'commit' && body.child === epochId)
    if (commit?.body.kind === 'commit' && commit.body.removed.some(({ device }) => device === self)) return false
  }
  return false
}

/** Who has gone out since the newest epoch of the path that this device followed. */
async function outSince(known: Conversation, merged: Control): Promise<DeviceId[]> {
  const out: DeviceId[] = []
  for (const epochId of merged.view.path.toReversed()) {
    if (await known.epochs.has(epochId)) return out
    const body = merged.commitTo(epochId)?.thing.body
    if (body?.kind === 'commit') out.push(...body.removed.map(({ device }) => device))
  }
  // How far it had come is not known any more.
  return []
}

/** Whether this device comes back into what it was in, by its own word. */
function isByOwnGrant(known: Conversation | undefined, { view, kept }: Control): boolean {
  if (known === undefined || known.isOver) return false
  const leaf = view.tree.find(({ device }) => device === known.state.self)
  const thing = leaf === undefined ? undefined : kept.get(leaf.grant)?.thing
  return thing?.body.kind === 'grant' && thing.device === known.state.self
}

/** Whoever else is in a pair. */
function otherIn(context: Context, { view }: Control): AccountId | undefined {
  const others = view.accounts.filter(({ account }) => account !== context.profile().account)
  return others.length === 1 ? others[0]?.account : undefined
}

/** Invitations into this conversation that came to this device: they have been answered, here or on another device. */
async function answered({ store }: Context, conversation: ConversationId): Promise<Change[]> {
  const rows = await store.list('groupInvites', { prefix: [conversation] })
  return rows
    .filter(({ direction }) => direction === 'in')
    .map((row): Change => ({ put: 'groupInvites', row: { ...row, state: 'entered' } }))
}

/** A contact that another device of this account has made. */
async function contactOf({ store, clock }: Context, control: Control, account: AccountId): Promise<Change[]> {
  const known = await store.get('contacts', [account])
  // What was decided about it elsewhere may have come first.
  if (known !== undefined && known.chain.length > 0) return []
  const [device] = control.view.tree.filter((leaf) => control.accountOf(leaf.device) === account)
  const chain = device === undefined ? undefined : control.introduced(device.device)?.chain
  const row = {
    account,
    name: control.nameOf(account),
    chain: chain ?? new Uint8Array(),
    verified: known?.verified ?? 0,
  }
  return [{ put: 'contacts', row: { ...row, blocked: known?.blocked ?? 0, addedAt: clock.now() } }]
}

async function openBundle(context: Context, conversation: ConversationId, bytes: Uint8Array): Promise<Result<Opened>> {
  const bundle = decodeWelcomeBundle(bytes)
  if (!bundle.ok) return bundle
  const control = await controlOf(context, conversation, bundle.value.things)
  if (!control.ok) return control
  const joined = await joinWith(context, conversation, bundle.value.welcome.slice())
  if (!joined.ok) return joined
  const state = joined.value
  if (state.conversation !== conversation) return refuse('other-conversation')
  const { view } = control.value
  const commit = control.value.commitTo(state.epochId)
  if (view.tip !== state.epochId || commit === undefined) return refuse('not-the-tip')
  if (toHex(sha256(bundle.value.heads)) !== toHex(commit.headsHash)) return refuse('wrong-heads')
  // Devices whose key packages did not work are in the tree by the rules only.
  if (!areAmong(roster(state), view.tree)) return refuse('wrong-roster')
  const heads = decodeLogHeads(bundle.value.heads)
  if (!heads.ok) return heads
  const relays = bundle.value.relays.map((relay) => bytesToAddress(relay))
  if (!relays.every((relay) => relay.ok)) return refuse('bad-relay')
  return ok({
    state,
    control: control.value,
    start: startIn(control.value, heads.value),
    relays: relays.map((relay) => relay.value),
  })
}

/** Where the events of all who have spoken stand, also of those who are out; of whom the committer has heard nothing, at the beginning. */
function startIn(control: Control, logHeads: LogHeads): Start[] {
  const spoken = spokenIn(control, logHeads)
  const known = new Set(spoken.map(({ device }) => device))
  const silent = [...control.devices].flatMap((device): Start[] => {
    const account = control.accountOf(device)
    if (account === undefined || known.has(device)) return []
    return [{ device, account, seq: 0 }]
  })
  return [...spoken, ...silent]
}

function spokenIn(control: Control, { heads }: LogHeads): Start[] {
  return heads.flatMap(({ device: author, seq }) => {
    const device = toHex<DeviceId>(author)
    const account = control.accountOf(device)
    return account === undefined ? [] : [{ device, account, seq }]
  })
}

/** The control log that these entries make; refused unless it is whole. */
export async function controlOf(
  context: Context,
  conversation: ConversationId,
  things: WelcomeBundle['things'],
): Promise<Result<Control>> {
  const records = unpackThings(things)
  if (!records.ok) return records
  const kept: Kept[] = []
  for (const bytes of records.value) {
    const record = decodeSignedRecord(bytes.slice())
    if (!record.ok) return record
    const checked = await checkThing(context.crypto, conversation, record.value)
    if (!checked.ok) return checked
    kept.push({ ...checked.value, attachment: new Uint8Array() })
  }
  const control = Control.empty.with(kept)
  return control.log.size > 0 && control.isWhole ? ok(control) : refuse('incomplete-log')
}

async function joinWith(
  context: Context,
  conversation: ConversationId,
  welcome: Uint8Array,
): Promise<Result<EpochState>> {
  const { deviceSeed, chain } = context.profile()
  const own = await context.store.listBy('keyPackages.invitation', { prefix: [keyPackagesOf(conversation)] })
  const refs = welcomeRefs(welcome)
  const row: Rows['keyPackages'] | undefined = refs.ok ? own.find(({ ref }) => refs.value.includes(ref)) : undefined
  if (row === undefined) return refuse('wrong-key-package')
  // It is kept: what it opens may turn out to lie beside the path, and the next Welcome is for the same one.
  return join(context.engine, {
    welcome,
    keyPackage: { public: row.publicBytes, private: row.privateBytes },
    self: { deviceSeed, credential: chain },
    verify: context.verify,
    opensGeneration: true,
  })
}
