import { createKeyPackage } from '@sotto/group'
import type { AccountId, Change, ConversationId, DeviceId, Rows } from '@sotto/interface'
import {
  decodeDeviceJoinBody,
  decodeDevicePackageBody,
  decodeRecoveryStatement,
  decodeSelfContactBody,
  decodeSelfReadBody,
  encodeControlAttachment,
  encodeDevicePackageBody,
  toHex,
} from '@sotto/wire'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { advance } from '../groups/advance.ts'
import { brings } from '../groups/trial.ts'
import { keyPackagesOf } from '../groups/key-packages.ts'
import { say } from '../groups/say.ts'
import { noteRestored } from '../restore/take-restored.ts'
import { askedKey, refusedNote } from './ask-in.ts'
import { takeContact, takeRead } from './same-everywhere.ts'
import { takeSetting } from './settings.ts'

const DAY_S = 86_400
/** A device answers when it is there; what it was asked for is not offered for ever. */
const KEY_PACKAGE_DAYS = 90

interface OwnInit {
  readonly context: Context
  conversations(): ReadonlyMap<ConversationId, Conversation>
}

/** Does what another device of this account asks for in their own conversation. `done` notes that it was done. */
export async function takeOwn(init: OwnInit, own: Conversation, event: Rows['events'], done: Change): Promise<void> {
  const { store, profile } = init.context
  if (event.account !== profile().account) return store.commit([done])
  if (event.kind === 'device.join') return takeJoin(init, own, event, done)
  if (event.kind === 'device.package') return takePackage(init, event, done)
  if (event.kind === 'self.restored') return takeOwnRestored(init, event, done)
  if (event.kind === 'self.setting') return takeSetting(init, event, done)
  if (event.kind === 'self.read') {
    const body = decodeSelfReadBody(event.body)
    if (body.ok) await takeRead(init, body.value)
  }
  if (event.kind === 'self.contact') {
    const body = decodeSelfContactBody(event.body)
    if (body.ok) await takeContact(init, body.value)
  }
  await store.commit([done])
}

/** Another device of ours has met somebody who restored their account. */
async function takeOwnRestored(init: OwnInit, event: Rows['events'], done: Change): Promise<void> {
  const body = decodeRecoveryStatement(event.body)
  if (body.ok) {
    const [account, device] = [toHex<AccountId>(body.value.account), toHex<DeviceId>(body.value.device)]
    await noteRestored(init, { account, device, body: event.body })
  }
  await init.context.store.commit([done])
}

/** This device is asked into a conversation: it answers with a key package that is good for that one. */
async function takeJoin(init: OwnInit, own: Conversation, event: Rows['events'], done: Change): Promise<void> {
  const { store, engine, clock, profile } = init.context
  const body = decodeDeviceJoinBody(event.body)
  const { device, deviceSeed, chain } = profile()
  const isForUs = body.ok && toHex(body.value.device) === device
  const conversation = body.ok ? toHex<ConversationId>(body.value.conversation) : ('' as ConversationId)
  const known = init.conversations().get(conversation)
  if (!body.ok || !isForUs || (known !== undefined && !known.isOver)) return store.commit([done])
  const now = Math.floor(clock.now() / 1000)
  const notAfter = now + KEY_PACKAGE_DAYS * DAY_S
  const self = { deviceSeed, credential: chain }
  const made = await createKeyPackage(engine, { self, notBefore: now - DAY_S, notAfter })
  const kept: Rows['keyPackages'] = {
    ref: made.ref,
    invitation: keyPackagesOf(conversation),
    publicBytes: made.public,
    privateBytes: made.private,
    expiresAt: notAfter * 1000,
  }
  const answer = encodeDevicePackageBody({ conversation: body.value.conversation, keyPackage: made.public })
  await own.lane.run(() => own.compose('device.package', answer, [done, { put: 'keyPackages', row: kept }]))
}

/** A device of ours has answered: it is granted its place, if this device asked it in. */
async function takePackage(init: OwnInit, event: Rows['events'], done: Change): Promise<void> {
  const { store } = init.context
  const body = decodeDevicePackageBody(event.body)
  const id = body.ok ? toHex<ConversationId>(body.value.conversation) : ('' as ConversationId)
  const conversation = init.conversations().get(id)
  const asked: Change = { delete: 'meta', key: [askedKey(id, event.device)] }
  const isAsked = body.ok && (await store.get('meta', [askedKey(id, event.device)])) !== undefined
  if (!body.ok || !isAsked || conversation === undefined || conversation.isOver) return store.commit([done])
  const chain = await chainOf(init, event.device)
  if (chain === undefined) return store.commit([done])
  const keyPackage = body.value.keyPackage.slice()
  const attachment = encodeControlAttachment({ keyPackages: [keyPackage] })
  await conversation.lane.run(async () => {
    if (!(await brings(conversation, keyPackage, event.device))) return refused(init, conversation, event, done)
    await say(conversation, { case: 'grant', value: { chain } }, { attachment, changes: [done, asked] })
    await advance(conversation)
  })
}

/** The device stays out of that conversation, and its person is told; another day it is asked again. */
async function refused(
  { context }: OwnInit,
  { id, title }: Conversation,
  { device }: Rows['events'],
  done: Change,
): Promise<void> {
  const value = refusedNote(context.clock.now())
  await context.store.commit([done, { put: 'meta', row: { key: askedKey(id, device), value } }])
  const text = `Another device of yours cannot come into “${title}”: its keys do not work. See whether its clock is right.`
  context.emit({ type: 'notice', name: 'keys-unusable', text })
}

async function chainOf(init: OwnInit, device: DeviceId): Promise<Uint8Array | undefined> {
  for (const { kind, control } of init.conversations().values()) {
    const known = kind === 'self' ? control?.introduced(device) : undefined
    if (known !== undefined) return known.chain
  }
  return undefined
}
