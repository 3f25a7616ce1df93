import { certifyDevice, decodeDeviceLink, type DeviceLink } from '@sotto/identity'
import type { Rows } from '@sotto/interface'
import { encodeControlAttachment, fromHex } from '@sotto/wire'
import type { Messenger } from '../client.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { ClientError, unreachableError } from '../errors.ts'
import { advance } from '../groups/advance.ts'
import { brings } from '../groups/commit-due.ts'
import { say } from '../groups/say.ts'
import { isReached } from '../mail/reach.ts'
import { LinkingBox } from './linking-box.ts'
import { foundOwn, ownConversation } from './own-conversation.ts'
import { tellContact } from './same-everywhere.ts'
import { handOver } from './settings.ts'

const LOOK_EVERY_MS = 50
/** How long the new device may take to answer for the conversations; later answers count as well. */
const ANSWERS_MS = 20_000

/** Certifies the new device that shows this code, and takes it into the account's own conversation; the others follow from that. */
export async function linkDevice(
  messenger: Messenger,
  code: string,
  options: { signal: AbortSignal },
): Promise<{ device: string }> {
  const { context, network } = messenger
  const link = checkedCode(code, context.clock.now())
  const [address] = link.relays
  const relay = address === undefined ? undefined : network.reach(address)
  if (relay === undefined) throw noAnswer()
  try {
    if (!(await isReached(context.clock, relay, options))) throw unreachableError(relay)
    const own = await ownOrNew(messenger, link)
    const box = await LinkingBox.open(context, relay, link)
    const isIn = own.control?.view.desired.some(({ device }) => device === link.device) === true
    if (isIn) await bringAgain(own, box)
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

async function ownOrNew(messenger: Messenger, link: DeviceLink): Promise<Conversation> {
  const known = ownConversation(messenger.conversations.values())
  if (known !== undefined) return known
  const { relays } = messenger.context.profile()
  const own = await foundOwn(messenger.context, messenger.network, relays.length > 0 ? relays : link.relays)
  messenger.add(own)
  return own
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
  const pick = async (said: { case?: string | undefined; value?: unknown }): Promise<Uint8Array | undefined> => {
    if (said.case !== 'keyPackage' || !(said.value instanceof Uint8Array)) return undefined
    const bytes = said.value.slice()
    return (await own.lane.run(() => brings(own, bytes, link.device))) ? bytes : undefined
  }
  const keyPackage = await box.next(pick, options)
  if (keyPackage === undefined) throw noAnswer()
  const attachment = encodeControlAttachment({ keyPackages: [keyPackage] })
  await own.lane.run(async () => {
    await say(own, { case: 'grant', value: { chain } }, { attachment })
    await advance(own)
  })
  const bundle = await welcomeIn(own, options)
  if (bundle === undefined) throw noAnswer()
  await bring(own, box, bundle)
}

/** It was taken in, and the Welcome did not get out before this device ended. */
async function bringAgain(own: Conversation, box: LinkingBox): Promise<void> {
  const { store, profile } = own.context
  const bundle = await store.get('welcomes', [own.id, profile().account])
  if (bundle === undefined) throw new ClientError('already-linked', 'This device is linked already.')
  await bring(own, box, bundle)
}

async function bring(own: Conversation, box: LinkingBox, row: Rows['welcomes']): Promise<void> {
  await box.say({ case: 'bundle', value: row.bundle })
  await own.context.store.commit([{ delete: 'welcomes', key: [row.conversation, row.account] }])
}

/** The Welcome that the commit leaves; it waits for the check of an old copy, should that still be going on. */
async function welcomeIn(own: Conversation, options: { signal: AbortSignal }): Promise<Rows['welcomes'] | undefined> {
  const { store, clock, profile } = own.context
  while (!options.signal.aborted) {
    const row = await store.get('welcomes', [own.id, profile().account])
    if (row !== undefined) return row
    await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve))
  }
  return undefined
}

function checkedCode(code: string, now: number): DeviceLink {
  const link = decodeDeviceLink(code)
  if (!link.ok) throw new ClientError('bad-code', 'This is not the code of a new device. Copy it again, all of it.')
  if (link.value.expiresAt * 1000 <= now)
    throw new ClientError('code-expired', 'This code has expired. Show a new one on the new device.')
  return link.value
}

function noAnswer(): ClientError {
  return new ClientError(
    'no-answer',
    'The new device does not answer. Leave it on, with its code shown, and try again.',
  )
}
