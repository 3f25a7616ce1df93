import { maySeal } from '@sotto/core'
import { roster } from '@sotto/group'
import { certifyDevice, decodeDeviceLink, type DeviceLink } from '@sotto/identity'
import type { Address, DeviceId, Rows } from '@sotto/interface'
import { encodeControlAttachment, fromHex } from '@sotto/wire'
import type { Messenger } from '../client.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { ClientError } from '../errors.ts'
import { advance } from '../groups/advance.ts'
import { brings } from '../groups/trial.ts'
import { say } from '../groups/say.ts'
import { isReached } from '../mail/reach.ts'
import { LinkingBox } from './linking-box.ts'
import { foundOwn, ownConversation } from './own-conversation.ts'
import { tellContact } from './same-everywhere.ts'
import { handOver } from './settings.ts'

const LOOK_EVERY_MS = 50
/** How long the new device may take to answer for the conversations; later answers count as well. */
const ANSWERS_MS = 20_000
/** How long relays may take to answer before the own conversation is founded without them. */
const SETTLE_MS = 5_000
/** How long this device's own check with its relays may take; another own device may answer for them after half a minute. */
const READY_MS = 40_000

/**
 * Certifies the new device that shows this code, and takes it into the account's own conversation; the others follow from that. One of the
 * code's relays is enough. Throws what the relays say (`relay-…`), `bad-code`, `code-expired`, `already-linked`, and one of {@link SENTENCES}.
 */
export async function linkDevice(
  messenger: Messenger,
  code: string,
  options: { signal: AbortSignal },
): Promise<{ device: string }> {
  const { context, network } = messenger
  const link = checkedCode(code, context.clock.now())
  const relays = link.relays.map((address) => network.reach(address))
  try {
    const box = await LinkingBox.open(context, relays, link, options)
    const own = await ownOrNew(messenger, link)
    await assertReady(own)
    const isIn = own.control?.view.desired.some(({ device }) => device === link.device) === true
    if (isIn) await bringAgain(own, box, link, options)
    else await meet(own, box, link, options)
  } finally {
    await messenger.forgetRelays()
  }
  const init = { context, conversations: () => messenger.conversations }
  for (const row of await context.store.list('contacts')) {
    if (row.verified === 1 || row.blocked === 1) await tellContact(init, row.account)
  }
  // What the other devices have set meanwhile is taken in before it is handed on.
  await messenger.errands.run()
  const own = ownConversation(messenger.conversations.values())
  if (own !== undefined) await handOver(init, own)
  await messenger.errands.run()
  await untilAnswered(messenger, link)
  return { device: link.device }
}

/** The new device answers for each conversation; a command that ends before that would leave it waiting for the next. */
async function untilAnswered({ context }: Messenger, { device }: DeviceLink): Promise<void> {
  const end = context.clock.monotonic() + ANSWERS_MS
  while (context.clock.monotonic() < end) {
    const rows = await context.store.list('meta', { prefix: [], after: ['asked in'] })
    if (!rows.some(({ key }) => key.startsWith('asked in') && key.endsWith(device))) return
    await new Promise<void>((resolve) => void context.clock.after(LOOK_EVERY_MS, resolve))
  }
}

/** The own conversation. A new one goes by those of the person's relays that answer, or of the code's if none does: its list stays. */
async function ownOrNew(messenger: Messenger, link: DeviceLink): Promise<Conversation> {
  const { context, network, conversations } = messenger
  const known = ownConversation(conversations.values())
  if (known !== undefined) return known
  const signal = AbortSignal.timeout(SETTLE_MS)
  const answering = async (addresses: readonly Address[]): Promise<Address[]> => {
    const relays = addresses.map((address) => network.reach(address))
    await Promise.all(relays.map((relay) => isReached(context.clock, relay, { signal })))
    return relays.filter((relay) => relay.reachable).map(({ address }) => address)
  }
  const own = await answering(context.profile().relays)
  const relays = own.length > 0 ? own : await answering(link.relays)
  const founded = await foundOwn(context, network, relays)
  messenger.add(founded)
  return founded
}

/** The certificate there, a key package back, the Welcome there. */
async function meet(
  own: Conversation,
  box: LinkingBox,
  link: DeviceLink,
  options: { signal: AbortSignal },
): Promise<void> {
  const { crypto, clock, profile } = own.context
  const { deviceSeed, chain: parentChain, name } = profile()
  const about = { parentSeed: deviceSeed, parentChain, deviceKey: fromHex(link.device) }
  const chain = await certifyDevice(crypto, { ...about, createdAt: Math.floor(clock.now() / 1000) })
  await box.say({ case: 'offer', value: { chain, name, conversation: fromHex(own.id) } })
  // Whoever has seen the code can write here too: only the new device's own key package is taken.
  let isRefused = false
  const pick = async (said: { case?: string | undefined; value?: unknown }): Promise<Uint8Array | undefined> => {
    if (said.case !== 'keyPackage' || !(said.value instanceof Uint8Array)) return undefined
    const bytes = said.value.slice()
    const isTheirs = await own.lane.run(() => brings(own, bytes, link.device))
    isRefused ||= !isTheirs
    return isTheirs ? bytes : undefined
  }
  const keyPackage = await box.next(pick, options)
  if (keyPackage === undefined) throw notLinked(isRefused ? 'link-refused' : 'no-answer')
  const attachment = encodeControlAttachment({ keyPackages: [keyPackage] })
  await own.lane.run(() => say(own, { case: 'grant', value: { chain } }, { attachment }))
  await letIn(own, link.device)
  const bundle = await welcomeIn(own, options)
  if (bundle === undefined) throw notLinked('link-unfinished')
  await bring(own, box, bundle)
}

/** Commits what is granted. A Welcome that another linking has left behind is not for this one. */
async function letIn(own: Conversation, device: DeviceId): Promise<void> {
  const { store, profile } = own.context
  await own.lane.run(async () => {
    if (isThere(own, device)) return
    await store.commit([{ delete: 'welcomes', key: [own.id, profile().account] }])
    await advance(own)
  })
}

function isThere({ tip }: Conversation, device: DeviceId): boolean {
  return roster(tip).some((member) => member.device === device)
}

/** It is to come in, and the Welcome was not made, or did not get out, before this device ended. */
async function bringAgain(
  own: Conversation,
  box: LinkingBox,
  { device }: DeviceLink,
  options: { signal: AbortSignal },
): Promise<void> {
  const { store, profile } = own.context
  await letIn(own, device)
  const isLeft = (await store.get('welcomes', [own.id, profile().account])) !== undefined
  if (isThere(own, device) && !isLeft) throw new ClientError('already-linked', 'This device is linked already.')
  const bundle = await welcomeIn(own, options)
  if (bundle === undefined) throw notLinked('link-unfinished')
  await bring(own, box, bundle)
}

async function bring(own: Conversation, box: LinkingBox, row: Rows['welcomes']): Promise<void> {
  await box.say({ case: 'bundle', value: row.bundle })
  await own.context.store.commit([{ delete: 'welcomes', key: [row.conversation, row.account] }])
}

/** The Welcome that the commit leaves; it waits for the check of an old copy, should that still be going on. */
async function welcomeIn(own: Conversation, options: { signal: AbortSignal }): Promise<Rows['welcomes'] | undefined> {
  const { store, clock, profile } = own.context
  for (;;) {
    const row = await store.get('welcomes', [own.id, profile().account])
    if (row !== undefined || options.signal.aborted) return row
    await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve))
  }
}

function checkedCode(code: string, now: number): DeviceLink {
  const link = decodeDeviceLink(code)
  if (!link.ok) throw new ClientError('bad-code', 'This is not the code of a new device. Copy it again, all of it.')
  if (link.value.expiresAt * 1000 <= now)
    throw new ClientError('code-expired', 'This code has expired. Show a new one on the new device.')
  return link.value
}

/** Without this the new device would be said to come in, and wait for the keys of a device that may not change any. */
async function assertReady(own: Conversation): Promise<void> {
  const { clock } = own.context
  const end = clock.monotonic() + READY_MS
  while (!maySeal(own.state)) {
    if (clock.monotonic() >= end) throw notLinked('relays-silent')
    await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve))
  }
}

type NotLinked = keyof typeof SENTENCES

const SENTENCES = {
  'no-answer': 'The new device does not answer. Leave it on, with its code shown, and try again.',
  'link-refused': 'What came in answer to the code cannot be used. Update Sotto on both devices, then show a new code.',
  'link-unfinished':
    'The new device has answered, and was not taken in in time. Leave it on, with its code shown, and try again.',
  'relays-silent':
    'Your other devices are added by way of your relays, and too few of them answer now. See that they run and can be reached, then try again.',
} as const

function notLinked(why: NotLinked): ClientError {
  return new ClientError(why, SENTENCES[why])
}
