import { accountFromPhrase, certifyFirstDevice, createAccount, signRecovery } from '@sotto/identity'
import type { AccountId, Address, Change, Clock, Crypto, DeviceId, Random, Store } from '@sotto/interface'
import { toHex } from '@sotto/wire'
import { fromString, toString } from 'uint8arrays'
import { ClientError } from './errors.ts'
import { phraseText } from './phrase-text.ts'

/** Who this store belongs to. `deviceSeed` is secret; nobody changes a profile in place. */
export interface Profile {
  readonly account: AccountId
  readonly device: DeviceId
  readonly deviceSeed: Uint8Array
  /** Encoded device chain: the credential of this device's leaves. */
  readonly chain: Uint8Array
  /** Of a device that was set up from the recovery words: what the account key said of it, an encoded RecoveryStatement. */
  readonly recovery?: Uint8Array
  /** Empty until one is chosen. */
  readonly name: string
  /** Relays for new invitations. */
  readonly relays: readonly Address[]
  /** Nobody is connected to directly. */
  readonly relaysOnly: boolean
  /** Nothing is said from here any more: a newer copy of the store was used elsewhere, or another device has revoked this one. */
  readonly retired: boolean
  readonly revoked?: boolean
}

const MAX_NAME_CHARACTERS = 64
const ROLLED_BACK = 1
const REVOKED = 2

/** Why a device says nothing any more: a newer copy of its store exists, or another device of the account has revoked it. */
export type Retirement = 'rolled-back' | 'revoked'

/** The display name as it will be kept, or a thrown `bad-name`. */
export function checkedName(name: string): string {
  const trimmed = name.trim().normalize('NFC')
  const characters = [...trimmed].length
  if (characters === 0 || characters > MAX_NAME_CHARACTERS) {
    throw new ClientError('bad-name', `A name has 1 to ${MAX_NAME_CHARACTERS} characters.`)
  }
  return trimmed
}

/** The profile in this store, or undefined when nobody has set it up. */
export async function loadProfile(store: Store): Promise<Profile | undefined> {
  const rows = new Map((await store.list('meta')).map((row) => [row.key, row.value]))
  const deviceSeed = rows.get('device-seed')
  const chain = rows.get('chain')
  const account = rows.get('account')
  const device = rows.get('device')
  const recovery = rows.get('recovery')
  if (deviceSeed === undefined || chain === undefined || account === undefined || device === undefined) return undefined
  return {
    account: toHex(account) as AccountId,
    device: toHex(device) as DeviceId,
    deviceSeed,
    chain,
    ...(recovery === undefined ? {} : { recovery }),
    name: toString(rows.get('name') ?? new Uint8Array()),
    relays: JSON.parse(toString(rows.get('relays') ?? fromString('[]'))) as Address[],
    relaysOnly: rows.has('relays-only'),
    retired: rows.has('retired'),
    revoked: rows.get('retired')?.[0] === REVOKED,
  }
}

/** What a new profile is made from; a `phrase` restores an account on a new device. */
export interface NewProfile {
  /** Without one, it is asked for before anybody is met (see the intent `rename`). */
  readonly name?: string
  readonly relays: readonly Address[]
  readonly phrase?: string
}

/**
 * Sets up an empty store: account (new, or from `phrase`), first device, name. The account's key certifies the device, says at a
 * restoring that it takes the place of all others, and is kept nowhere; the answer's `recoveryPhrase` is the only copy.
 */
export async function createProfile(
  parts: { store: Store; crypto: Crypto; random: Random; clock: Clock },
  wanted: NewProfile,
): Promise<{ profile: Profile; recoveryPhrase: string }> {
  const name = wanted.name === undefined ? '' : checkedName(wanted.name)
  if ((await loadProfile(parts.store)) !== undefined) throw alreadySetUp()
  const { changes, recoveryPhrase } = await newProfile(parts, { ...wanted, name })
  await parts.store.commit(changes)
  return { profile: await writtenProfile(parts.store), recoveryPhrase }
}

/**
 * Makes this store a device of the account of these words, in place of the account without a name that the first visit made; nobody has met
 * that one.
 */
export async function restoreProfile(
  parts: Parameters<typeof createProfile>[0],
  wanted: { readonly name: string; readonly phrase: string },
): Promise<Profile> {
  const before = await loadProfile(parts.store)
  if (before !== undefined && before.name !== '') throw alreadySetUp()
  const name = checkedName(wanted.name)
  const { changes } = await newProfile(parts, { ...wanted, name, relays: before?.relays ?? [] })
  await parts.store.commit(changes)
  return writtenProfile(parts.store)
}

async function writtenProfile(store: Store): Promise<Profile> {
  const profile = await loadProfile(store)
  if (profile === undefined)
    throw new ClientError('store-broken', 'The store did not keep what was written. Check the disk.')
  return profile
}

function alreadySetUp(): ClientError {
  return new ClientError('already-set-up', 'Sotto is already set up here. Use another home to set up a second one.')
}

/** The rows of a new profile, and the words. */
async function newProfile(
  parts: { crypto: Crypto; random: Random; clock: Clock },
  wanted: NewProfile & { readonly name: string },
): Promise<{ changes: Change[]; recoveryPhrase: string }> {
  const recoveryPhrase = wanted.phrase ?? createAccount({ random: parts.random }).phrase
  const account = accountFromPhrase(recoveryPhrase)
  if (!account.ok) throw new ClientError('bad-phrase', phraseText(recoveryPhrase, account.reason))
  const deviceSeed = parts.random.bytes(32)
  const deviceKey = await parts.crypto.ed25519.publicKey(deviceSeed)
  const accountKey = await parts.crypto.ed25519.publicKey(account.value.identitySeed)
  const createdAt = Math.floor(parts.clock.now() / 1000)
  const chain = await certifyFirstDevice(parts.crypto, {
    accountSeed: account.value.identitySeed,
    deviceKey,
    createdAt,
  })
  const meta = (key: string, value: Uint8Array): Change => ({ put: 'meta', row: { key, value } })
  const recovery =
    wanted.phrase === undefined
      ? undefined
      : await signRecovery(parts.crypto, {
          accountSeed: account.value.identitySeed,
          deviceKey,
          number: parts.clock.now(),
        })
  const changes = [
    ...(recovery === undefined ? [] : [meta('recovery', recovery)]),
    meta('device-seed', deviceSeed),
    meta('device', deviceKey),
    meta('account', accountKey),
    meta('chain', chain),
    meta('name', fromString(wanted.name)),
    meta('relays', fromString(JSON.stringify(wanted.relays))),
  ]
  return { changes, recoveryPhrase }
}

/** How often this store has been started. */
export async function bootOf(store: Store): Promise<number> {
  const row = await store.get('meta', ['boot'])
  return row === undefined ? 0 : Number(toString(row.value))
}

/** Counts one more start, durably, before anything of it can be seen outside. */
export async function countBoot(store: Store): Promise<number> {
  const boot = (await bootOf(store)) + 1
  await store.commit([{ put: 'meta', row: { key: 'boot', value: fromString(String(boot)) } }])
  return boot
}

/** This device says nothing any more. Final. */
export async function retireProfile(store: Store, why: Retirement): Promise<void> {
  const value = new Uint8Array([why === 'revoked' ? REVOKED : ROLLED_BACK])
  await store.commit([{ put: 'meta', row: { key: 'retired', value } }])
}

/** Keeps a display name. */
export function nameChanges(name: string): Change[] {
  return [{ put: 'meta', row: { key: 'name', value: fromString(name) } }]
}

/** Keeps the relays for new invitations. */
export async function setRelays(store: Store, relays: readonly Address[]): Promise<void> {
  await store.commit([relaysRow(relays)])
}

/** Keeps relays that a person has chosen: no list of anybody else takes their place. */
export function relaysChanges(relays: readonly Address[]): Change[] {
  return [relaysRow(relays), { put: 'meta', row: { key: 'relays-chosen', value: new Uint8Array([1]) } }]
}

/** Takes over a list of relays, unless a person has chosen others. */
export async function suggestRelays(store: Store, relays: readonly Address[]): Promise<void> {
  const chosen = await store.get('meta', ['relays-chosen'])
  if (chosen === undefined) await setRelays(store, relays)
}

export function relaysOnlyChanges(on: boolean): Change[] {
  const key = 'relays-only'
  return [on ? { put: 'meta', row: { key, value: new Uint8Array([1]) } } : { delete: 'meta', key: [key] }]
}

function relaysRow(relays: readonly Address[]): Change {
  return { put: 'meta', row: { key: 'relays', value: fromString(JSON.stringify(relays)) } }
}
