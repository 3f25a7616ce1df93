import { createKeyPackage } from '@sotto/group'
import { createLink, formatLink, linkKeys, sealBlob } from '@sotto/identity'
import {
  refuse,
  type Address,
  type Change,
  type InvitationId,
  type Relay,
  type RelayResult,
  type Rows,
} from '@sotto/interface'
import { isHex, toHex } from '@sotto/wire'
import type { Context } from '../context.ts'
import { ClientError, noneReachedError, relayError, slowError, unknownId } from '../errors.ts'
import { mailboxKeyOf } from '../mail/mailboxes.ts'
import { isReached } from '../mail/reach.ts'
import type { InvitationSnapshot } from '../snapshots/client-snapshots.ts'
import { dropBlob, keepBlob, KNOCK_POW_BITS, knockReadKey, place } from './place.ts'

const MAX_USES = 20
const DEFAULT_EXPIRY_MS = 7 * 86_400_000
const MAX_EXPIRY_MS = 90 * 86_400_000
const MAX_RELAYS = 3

export type InvitationRow = Rows['invitations']

/** How long the others may still take once a relay has it: they get it later, too. */
const GRACE_MS = 2_000

/**
 * Makes an invitation and leaves it at the relays. Throws, with nothing kept, unless at least one relay took it. `within`: milliseconds in which a
 * relay must be reached, and as many in which one that was reached must answer. Making keys counts for neither, however busy the machine is.
 */
export async function invite(
  context: Context,
  ask: { uses?: number; expiresIn?: number; base?: string },
  { within }: { within: number },
): Promise<{ row: InvitationRow; relays: Relay[] }> {
  const { crypto, random, clock, engine, store, transport } = context
  const uses = ask.uses ?? 1
  const expiresIn = ask.expiresIn ?? DEFAULT_EXPIRY_MS
  if (!Number.isInteger(uses) || uses < 1 || uses > MAX_USES) {
    throw new ClientError('bad-uses', `An invitation can be used 1 to ${MAX_USES} times.`)
  }
  if (!(expiresIn >= 60_000 && expiresIn <= MAX_EXPIRY_MS)) {
    throw new ClientError('bad-expiry', 'An invitation lasts between 1 minute and 90 days.')
  }
  const profile = context.profile()
  const addresses = profile.relays.slice(0, MAX_RELAYS)
  if (addresses.length === 0) throw new ClientError('no-relay', 'No relay is set up. Name one, then invite again.')
  const now = clock.now()
  const [notBefore, expiresAt] = [Math.floor(now / 1000) - 3600, Math.floor((now + expiresIn) / 1000)]
  const self = { deviceSeed: profile.deviceSeed, credential: profile.chain }
  const link = createLink({ relays: addresses, account: profile.account, secret: random.bytes(16) })
  const knockSeed = random.bytes(32)
  const readKey = await mailboxKeyOf(crypto, knockSeed)
  const keyPackages = []
  for (let use = 0; use < uses; use += 1) {
    keyPackages.push(await createKeyPackage(engine, { self, notBefore, notAfter: expiresAt }))
  }
  const bytes = await sealBlob(crypto, {
    random,
    link,
    name: profile.name,
    chain: profile.chain,
    deviceSeed: profile.deviceSeed,
    keyPackages: keyPackages.map((made) => made.public),
    knockReadKey: readKey.publicKey,
    uses,
    expiresAt,
    powBits: KNOCK_POW_BITS,
  })
  const invitation = toHex<InvitationId>(random.bytes(16))
  const row: InvitationRow = {
    invitation,
    secret: link.secret,
    knockSeed,
    link: formatLink(link, ask.base),
    relays: JSON.stringify(addresses),
    uses,
    used: 0,
    createdAt: now,
    expiresAt: expiresAt * 1000,
    revokedAt: 0,
  }
  // Kept first: a person may use the link the moment a relay has it.
  await store.commit([
    { put: 'invitations', row },
    keepBlob(invitation, bytes),
    ...keyPackages.map((made): Change => ({
      put: 'keyPackages',
      row: {
        ref: made.ref,
        invitation,
        publicBytes: made.public,
        privateBytes: made.private,
        expiresAt: expiresAt * 1000,
      },
    })),
  ])
  const relays = addresses.map((address) => transport.relay(address))
  const answers = await placeAtAll(context, row, relays, within)
  if (!answers.some((answer) => answer.ok)) {
    await forget(context, row)
    throw notTaken(relays, answers)
  }
  return { row, relays }
}

async function placeAtAll(
  context: Context,
  row: InvitationRow,
  relays: readonly Relay[],
  within: number,
): Promise<RelayResult<unknown>[]> {
  const enough = new AbortController()
  const inTime = (): AbortSignal => AbortSignal.any([AbortSignal.timeout(within), enough.signal])
  const cancels: (() => void)[] = []
  const answers = await Promise.all(
    relays.map(async (relay): Promise<RelayResult<unknown>> => {
      if (!(await isReached(context.clock, relay, { signal: inTime() }))) return refuse('unreachable')
      const answer = await place(context, row, relay, { signal: inTime() })
      if (answer.ok) cancels.push(context.clock.after(GRACE_MS, () => enough.abort()))
      return answer
    }),
  )
  for (const cancel of cancels) cancel()
  return answers
}

/** Why no relay took it: a refusal rather than that nobody answered. */
function notTaken(relays: readonly Relay[], answers: readonly RelayResult<unknown>[]): ClientError {
  for (const answer of answers) if (!answer.ok && answer.reason !== 'unreachable') return relayError(answer.reason)
  if (relays.some((relay) => relay.reachable)) return slowError()
  return noneReachedError(relays)
}

/** Takes an invitation back: nobody can use its link from now on. Relays that cannot be reached now are told when they can. */
export async function revoke(context: Context, id: string, options: { signal: AbortSignal }): Promise<InvitationRow> {
  const { store, clock, transport } = context
  const row = isHex(id, 16) ? await store.get('invitations', [id]) : undefined
  if (row === undefined) throw unknownId('invitation')
  const revoked = { ...row, revokedAt: row.revokedAt === 0 ? clock.now() : row.revokedAt }
  await store.commit([{ put: 'invitations', row: revoked }, dropBlob(row.invitation)])
  // It is shown before the relays have heard of it: hellos that still come are not taken.
  context.changed()
  await Promise.all(
    relaysOf(row).map(async (address) => {
      const relay = transport.relay(address)
      if (await isReached(clock, relay, options)) await withdraw(context, row, relay, options)
    }),
  )
  return revoked
}

/** Has a relay delete an invitation's blob. A relay that has it no more changes nothing. */
export async function withdraw(
  context: Context,
  row: InvitationRow,
  relay: Relay,
  options?: { signal: AbortSignal },
): Promise<void> {
  await relay.deleteBlob(linkKeys(row.secret).blobId, await knockReadKey(context, row), options)
}

export function relaysOf(row: InvitationRow): readonly Address[] {
  return JSON.parse(row.relays) as Address[]
}

/** Removes an invitation and its key packages. */
async function forget(context: Context, row: InvitationRow): Promise<void> {
  const kept = await context.store.listBy('keyPackages.invitation', { prefix: [row.invitation] })
  await context.store.commit([
    ...kept.map(({ ref }): Change => ({ delete: 'keyPackages', key: [ref] })),
    { delete: 'invitations', key: [row.invitation] },
    dropBlob(row.invitation),
  ])
}

/** An invitation as lists show it. `requests` are all that there ever were. */
export function invitationSnapshot(
  row: InvitationRow,
  requests: readonly Rows['requests'][],
  now: number,
): InvitationSnapshot {
  const { invitation, link, expiresAt: expires, uses, used } = row
  const hellos = requests.filter((request) => request.invitation === invitation).length
  return { invitation, link, expires, uses, used, hellos, state: stateOf(row, now) }
}

export function stateOf(row: InvitationRow, now: number): InvitationSnapshot['state'] {
  if (row.revokedAt > 0) return 'revoked'
  if (row.used >= row.uses) return 'used'
  return row.expiresAt <= now ? 'expired' : 'open'
}

/** Relays at which people are met: those of new invitations, and of open ones. */
export async function meetingRelays({ store, clock, profile }: Context): Promise<Set<Address>> {
  const open = (await store.list('invitations')).filter((row) => stateOf(row, clock.now()) === 'open')
  return new Set([...profile().relays, ...open.flatMap((row) => relaysOf(row))])
}
