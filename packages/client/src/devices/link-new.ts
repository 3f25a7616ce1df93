import { createEngine, createKeyPackage } from '@sotto/group'
import { encodeDeviceLink, verifyChain, verifyCredential, type DeviceLink } from '@sotto/identity'
import type { Address, Change, ConversationId, DeviceId, TransportEvents } from '@sotto/interface'
import { fromHex, toHex, type Linking } from '@sotto/wire'
import { fromString } from 'uint8arrays'
import type { Context, Parts } from '../context.ts'
import type { Outlet } from '../conversation/outlet.ts'
import { ClientError, noneReachedError } from '../errors.ts'
import { enterGroup } from '../groups/enter.ts'
import { keyPackagesOf } from '../groups/key-packages.ts'
import { Lane } from '../lane.ts'
import { isAnyReached } from '../mail/reach.ts'
import { loadProfile, type Profile } from '../profile.ts'
import { LinkingBox } from './linking-box.ts'

const CODE_MINUTES = 15
const DAY_S = 86_400

/**
 * Makes an empty store a further device of an account: shows a code, waits for a device of the account to answer, and enters the account's own
 * conversation. Nothing of a profile is kept before that. Rejects with a sentence when `signal` aborts (`link-stopped`), and when the code expires:
 * nobody has answered (`no-answer`), somebody has and did not finish (`link-unfinished`), or what came was of no use (`link-refused`).
 */
export async function linkNewDevice(
  parts: Parts,
  about: { relays: readonly Address[]; onCode(code: string): void },
  options: { signal: AbortSignal },
): Promise<Profile> {
  if ((await loadProfile(parts.store)) !== undefined) {
    throw new ClientError('already-set-up', 'Sotto is already set up here. Use another home to set up a second one.')
  }
  const { transport, clock, random, crypto } = parts
  if (about.relays.length === 0)
    throw new ClientError('no-relay', 'No relay is named. Name one through which the devices meet.')
  let cancel = (): void => {}
  await transport.start(nothing, { dial: refuseAll, accept: refuseAll, confirm: () => Promise.resolve(false) })
  try {
    const relays = about.relays.map((address) => transport.relay(address))
    if (!(await isAnyReached(clock, relays, options))) throw noneReachedError(relays)
    const deviceSeed = random.bytes(32)
    const device = toHex<DeviceId>(await crypto.ed25519.publicKey(deviceSeed))
    const expiresAt = Math.floor(clock.now() / 1000) + CODE_MINUTES * 60
    const link = { relays: about.relays, device, secret: random.bytes(16), expiresAt }
    const box = await LinkingBox.open(parts, relays, link, options)
    about.onCode(encodeDeviceLink(link))
    const expired = new AbortController()
    cancel = clock.after(CODE_MINUTES * 60_000, () => expired.abort())
    const signal = AbortSignal.any([options.signal, expired.signal])
    const entered = await enterOwn(parts, box, { link, deviceSeed }, { signal })
    if (typeof entered !== 'string') return entered
    throw notLinked(options.signal.aborted ? 'link-stopped' : entered)
  } finally {
    cancel()
    await transport.stop()
  }
}

/** What the old device offers, once its certificate is for this one. */
interface Offer {
  readonly profile: Profile
  readonly conversation: ConversationId
}

async function enterOwn(
  parts: Parts,
  box: LinkingBox,
  { link, deviceSeed }: { link: DeviceLink; deviceSeed: Uint8Array },
  options: { signal: AbortSignal },
): Promise<Profile | NotLinked> {
  const offer = await box.next((said) => offerIn(parts, said, { link, deviceSeed }), options)
  if (offer === undefined) return 'no-answer'
  const { profile, conversation } = offer
  const context = await provisional(parts, profile)
  const now = Math.floor(parts.clock.now() / 1000)
  const self = { deviceSeed, credential: profile.chain }
  const made = await createKeyPackage(context.engine, { self, notBefore: now - DAY_S, notAfter: now + DAY_S })
  const invitation = keyPackagesOf(conversation)
  const row = {
    ref: made.ref,
    invitation,
    publicBytes: made.public,
    privateBytes: made.private,
    expiresAt: (now + DAY_S) * 1000,
  }
  await parts.store.commit([{ put: 'keyPackages', row }])
  await box.say({ case: 'keyPackage', value: fromHex(toHex(made.public)) })
  let isRefused = false
  const entered = await box.next(async (said) => {
    if (said.case !== 'bundle') return undefined
    const about = {
      conversation,
      bundle: said.value.slice(),
      done: profileRows(profile),
      known: undefined,
      by: 'linking' as const,
    }
    const result = await enterGroup(context, silent, about)
    // Whoever has seen the code may have said it: the right one may still come.
    isRefused ||= !result.ok
    return result.ok ? profile : undefined
  }, options)
  return entered ?? (isRefused ? 'link-refused' : 'link-unfinished')
}

async function offerIn(
  { crypto }: Parts,
  said: Linking['said'],
  { link, deviceSeed }: { link: DeviceLink; deviceSeed: Uint8Array },
): Promise<Offer | undefined> {
  if (said.case !== 'offer') return undefined
  const { chain, name, conversation } = said.value
  const verified = await verifyChain(crypto, chain)
  if (!verified.ok || verified.value.device !== link.device) return undefined
  const { account, device } = verified.value
  const { relays } = link
  const profile = { account, device, deviceSeed, chain: chain.slice(), name, relays, relaysOnly: false, retired: false }
  return { profile, conversation: toHex<ConversationId>(conversation) }
}

function profileRows({ account, device, deviceSeed, chain, name, relays }: Profile): Change[] {
  const meta = (key: string, value: Uint8Array): Change => ({ put: 'meta', row: { key, value } })
  return [
    meta('device-seed', deviceSeed),
    meta('device', fromHex(device)),
    meta('account', fromHex(account)),
    meta('chain', chain),
    meta('name', fromString(name)),
    meta('relays', fromString(JSON.stringify(relays))),
  ]
}

/** What entering needs, before there is a messenger: nobody watches, and nothing leaves yet. */
async function provisional(parts: Parts, profile: Profile): Promise<Context> {
  const [engine, verify] = [await createEngine(parts), verifyCredential(parts.crypto)]
  return { ...parts, engine, verify, meetings: new Lane(), profile: () => profile, emit() {}, changed() {} }
}

const silent: Outlet = {
  canSend: () => false,
  isDirect: () => false,
  wake() {},
  tickLater() {},
  tell: () => false,
  accepted() {},
  renewed() {},
  ended() {},
  attend() {},
  errands() {},
  later() {},
  entered() {},
  retire() {},
}

const nothing: TransportEvents = {
  onEnvelope: () => Promise.resolve(false),
  onSession: (session) => session.close(),
  onSessionEnd() {},
  onMail() {},
  onSignal() {},
  onRelay() {},
  onAddresses() {},
}

function refuseAll(): Promise<never> {
  return Promise.reject(new ClientError('not-set-up', 'This device is still being set up.'))
}

type NotLinked = keyof typeof SENTENCES

const SENTENCES = {
  'no-answer': 'No device of yours has answered. Show a new code and try again.',
  'link-stopped': 'Linking was stopped, and this device is not linked. Show a new code to try again.',
  'link-unfinished': 'Your other device has answered and did not finish. Leave both on, show a new code and try again.',
  'link-refused': 'What came in answer to the code cannot be used. Update Sotto on both devices, then show a new code.',
} as const

function notLinked(why: NotLinked): ClientError {
  return new ClientError(why, SENTENCES[why])
}
