import { sha256 } from '@noble/hashes/sha2.js'
import { createKeyPackage } from '@sotto/group'
import type { AccountId, Change, ConversationId, DeviceId, RequestId, Rows, Store, ThingId } from '@sotto/interface'
import {
  ACCEPTANCE,
  decodeAcceptance,
  decodeGroupAcceptBody,
  decodeGroupInviteBody,
  encodeAcceptance,
  encodeControlAttachment,
  encodeGroupAcceptBody,
  encodeGroupInviteBody,
  fromHex,
  signedBytes,
  toHex,
  type SignedRecord,
} from '@sotto/wire'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { isBehind } from './behind.ts'
import { checkAcceptance } from './checked-thing.ts'
import { advance } from './advance.ts'
import { brings } from './trial.ts'
import { KEY_PACKAGE_DAYS, keyPackagesOf } from './key-packages.ts'
import { commitNow } from './commit-due.ts'
import type { Control } from './control.ts'
import { say } from './say.ts'
import type { RequestSnapshot } from '../snapshots/client-snapshots.ts'

const DAY_S = 86_400
/** Open invitations into groups by one account, at most: they lie in a person's list of requests. */
const MAX_OPEN_INVITES = 32

/** Times that an account is brought in within a day which never comes: each makes everybody commit. */
const MAX_ADDS_A_DAY = 3

/** An invitation that is still to be sent (state `due`) through a 1:1. */
export function inviteRow(group: Conversation, account: AccountId, pair: ConversationId): Rows['groupInvites'] {
  return {
    conversation: group.id,
    account,
    direction: 'out',
    pair,
    request: group.id as string as RequestId,
    title: group.title,
    at: group.context.clock.now(),
    state: 'due',
  }
}

/** Asks, in the 1:1, and notes in the same transaction that it was done. */
export async function sendInvite(pair: Conversation, row: Rows['groupInvites']): Promise<void> {
  const body = encodeGroupInviteBody({ conversation: fromHex(row.conversation), title: row.title })
  await pair.compose('group.invite', body, [{ put: 'groupInvites', row: { ...row, state: 'open' } }])
}

/** An invitation that came in a 1:1: kept as a request. Answers the changes, or none when it says nothing new. */
export async function takeInvite(
  pair: Conversation,
  event: Rows['events'],
  conversations: ReadonlyMap<ConversationId, Conversation>,
): Promise<Rows['groupInvites'] | undefined> {
  const body = decodeGroupInviteBody(event.body)
  if (!body.ok) return undefined
  const { store, clock } = pair.context
  const conversation = toHex<ConversationId>(body.value.conversation)
  const before = await store.get('groupInvites', [conversation, event.account, 'in'])
  const joined = await store.get('conversations', [conversation])
  const known = conversations.get(conversation)
  // Who asks knows it better than a device that does not follow: it is out by a decision then, and could not read that.
  const isLost = known?.row.phase === 'away' || (known !== undefined && (await isBehind(known)))
  const isOut = joined?.kind === 'group' && (isLost || ['ended', 'out', 'left'].includes(joined.phase))
  if (joined !== undefined && !isOut) return undefined
  if (before?.state === 'open') return undefined
  const others = (await store.list('groupInvites')).filter(({ account, state, direction }) => {
    return account === event.account && direction === 'in' && state === 'open'
  })
  if (others.length >= MAX_OPEN_INVITES) return undefined
  return {
    conversation,
    account: event.account,
    direction: 'in',
    pair: pair.id,
    request: event.eventId as string as RequestId,
    title: body.value.title,
    at: clock.now(),
    state: 'open',
  }
}

/** Whom we have asked, and who has not answered: kept in memory beside the rows. */
export async function loadInvited(group: Conversation): Promise<void> {
  const { store, changed } = group.context
  const rows = await store.list('groupInvites', { prefix: [group.id] })
  group.invited = await Promise.all(
    rows
      .filter(({ direction }) => direction === 'out')
      .map(async ({ account }) => ({ account, name: (await store.get('contacts', [account]))?.name ?? '' })),
  )
  changed()
}

/** An invitation as lists of requests show it. */
export async function groupRequest(
  store: Store,
  { request: id, account, title, at: receivedAt }: Rows['groupInvites'],
): Promise<RequestSnapshot> {
  const name = (await store.get('contacts', [account]))?.name ?? ''
  return { id, kind: 'group', account, name, message: '', receivedAt, title }
}

/** The open invitations into groups, newest first. */
export async function groupRequests(store: Store): Promise<RequestSnapshot[]> {
  const rows = (await store.list('groupInvites')).filter((row) => row.direction === 'in' && row.state === 'open')
  return Promise.all(rows.toSorted((a, b) => b.at - a.at).map((row) => groupRequest(store, row)))
}

/** The open invitation with that id, if there is one. */
export async function openInvite(store: Store, id: string): Promise<Rows['groupInvites'] | undefined> {
  return (await store.list('groupInvites')).find(
    (row) => row.request === id && row.direction === 'in' && row.state === 'open',
  )
}

/** Says yes: a signed acceptance with a fresh key package, in the 1:1. One transaction with everything that it needs later. */
export async function acceptInvite(pair: Conversation, row: Rows['groupInvites']): Promise<void> {
  const { context } = pair
  const { deviceSeed, chain, name, device } = context.profile()
  const now = Math.floor(context.clock.now() / 1000)
  const notAfter = now + KEY_PACKAGE_DAYS * DAY_S
  const made = await createKeyPackage(context.engine, {
    self: { deviceSeed, credential: chain },
    notBefore: now - DAY_S,
    notAfter,
  })
  const body = encodeAcceptance({
    conversation: fromHex(row.conversation),
    name,
    devices: [{ chain, keyPackageHash: sha256(made.public) }],
    madeAt: BigInt(now) * 1000n,
  })
  const signature = await context.crypto.ed25519.sign(deviceSeed, signedBytes(ACCEPTANCE, body))
  const acceptance = { body, device: fromHex(device), signature } as SignedRecord
  const keep: Change[] = [
    {
      put: 'keyPackages',
      row: {
        ref: made.ref,
        invitation: keyPackagesOf(row.conversation),
        publicBytes: made.public,
        privateBytes: made.private,
        expiresAt: notAfter * 1000,
      },
    },
    { put: 'groupInvites', row: { ...row, state: 'accepted' } },
  ]
  await pair.compose('group.accept', encodeGroupAcceptBody({ acceptance, keyPackages: [made.public] }), keep)
}

/**
 * A yes came in the 1:1 with the account that we invited: says `add` in the group. Whoever was not asked, or answers in another's name,
 * changes nothing. With keys none of which work it is unusable, and nothing is noted yet. Runs in the group's lane.
 */
export async function takeAccept(
  group: Conversation,
  event: Rows['events'],
  done: readonly Change[],
): Promise<{ isUnusable: boolean }> {
  const { context, id, control } = group
  const key = [id, event.account, 'out'] as const
  const asked = await context.store.get('groupInvites', key)
  const body = decodeGroupAcceptBody(event.body)
  const finish = [...done, { delete: 'groupInvites', key } as const]
  if (!body.ok || body.value.acceptance === undefined || control === undefined) return noted(context, done)
  if (asked === undefined && !isStillOutside(group, control, event.account)) return noted(context, done)
  const accepted = await checkAcceptance(context.crypto, id, body.value.acceptance)
  const { keyPackages, acceptance } = body.value
  if (!accepted.ok || accepted.value.account !== event.account || !fit(keyPackages, accepted.value.keyPackageHashes)) {
    context.logger.debug('refused', { reason: accepted.ok ? 'wrong-acceptance' : accepted.reason })
    return noted(context, done)
  }
  const isIn = control.roleOf(event.account) !== undefined && !isStillOutside(group, control, event.account)
  if (isIn || group.row.phase !== 'active' || group.ownRole === 'member') return noted(context, finish)
  if (!(await isAnyUsable(group, accepted.value.devices, keyPackages))) return { isUnusable: true }
  const attachment = encodeControlAttachment({ keyPackages })
  const isAgain = control.roleOf(event.account) !== undefined
  if (isAgain) await say(group, { case: 'remove', value: { account: fromHex(event.account) } })
  await say(group, { case: 'add', value: { acceptance } }, { attachment, changes: finish })
  // Whoever committed it before let nobody in: this time it is done here.
  if (isAgain) await commitNow(group)
  await advance(group)
  return { isUnusable: false }
}

/** Whether an account that this device has brought in never came: nothing of it has been heard, so its Welcome was lost. */
function isStillOutside({ state, context }: Conversation, control: Control, account: AccountId): boolean {
  const place = control.view.accounts.find((entry) => entry.account === account)?.grant
  const thing = place === undefined ? undefined : control.kept.get(place)?.thing
  if (thing?.body.kind !== 'add' || thing.device !== state.self) return false
  const since = context.clock.now() - DAY_S * 1000
  const adds = [...control.kept.values()].filter(({ thing: { body, device }, madeAt }) => {
    return body.kind === 'add' && body.account === account && device === state.self && madeAt > since
  })
  if (adds.length >= MAX_ADDS_A_DAY) return false
  return thing.body.devices.every((device) => isSilentSince(control, device, thing.id))
}

/** A device that was in before has its earlier things, all of which whoever brought it in again knew. */
function isSilentSince(control: Control, device: DeviceId, add: ThingId): boolean {
  const { id } = control.reachOf(device)
  return id === undefined || control.pastOf(add).has(id)
}

async function noted({ store }: Context, changes: readonly Change[]): Promise<{ isUnusable: boolean }> {
  await store.commit(changes)
  return { isUnusable: false }
}

async function isAnyUsable(
  group: Conversation,
  devices: readonly { readonly device: DeviceId }[],
  keyPackages: readonly Uint8Array[],
): Promise<boolean> {
  for (const [at, { device }] of devices.entries())
    if (await brings(group, keyPackages[at]?.slice() ?? new Uint8Array(), device)) return true
  return false
}

function fit(keyPackages: readonly Uint8Array[], hashes: readonly Uint8Array[]): boolean {
  return (
    keyPackages.length === hashes.length &&
    keyPackages.every((bytes, at) => toHex(sha256(bytes)) === toHex(hashes[at] ?? new Uint8Array()))
  )
}

/** Another device of this account has said yes: the invitation is not open here either. */
export async function answeredElsewhere(context: Context, event: Rows['events']): Promise<Change[]> {
  const body = decodeGroupAcceptBody(event.body)
  const rows = (await context.store.list('groupInvites')).filter(
    ({ direction, pair, state }) => direction === 'in' && pair === event.conversation && state === 'open',
  )
  if (!body.ok || body.value.acceptance === undefined) return []
  for (const row of rows) {
    const accepted = await checkAcceptance(context.crypto, row.conversation, body.value.acceptance)
    if (accepted.ok) return [{ put: 'groupInvites', row: { ...row, state: 'accepted' } }]
  }
  return []
}

/** The group that a yes is about, by what it says itself. */
export function acceptedGroup(event: Rows['events']): ConversationId | undefined {
  const body = decodeGroupAcceptBody(event.body)
  const said = body.ok ? decodeAcceptance(body.value.acceptance?.body ?? new Uint8Array()) : undefined
  return said?.ok === true ? toHex<ConversationId>(said.value.conversation) : undefined
}
