import { nobleCrypto as crypto } from '@sotto/group'
import { accountFromPhrase, certifyFirstDevice, createAccount, signRecovery } from '@sotto/identity'
import type { ConversationId } from '@sotto/interface'
import { seededRandom } from '@sotto/testkit'
import {
  ACCEPTANCE,
  CONTROL,
  encodeAcceptance,
  decodeRecoveryStatement,
  encodeControlThing,
  fromHex,
  signedBytes,
  toHex,
  type SignedRecord,
} from '@sotto/wire'
import { expect, test } from 'vitest'
import { checkThing } from './checked-thing.ts'
import type { Saying } from './say.ts'

const CONVERSATION = 'c0'.repeat(32) as ConversationId
const OTHER = 'd0'.repeat(32) as ConversationId

interface Device {
  readonly seed: Uint8Array
  readonly key: Uint8Array
  readonly chain: Uint8Array
  /** What its account key says of it. */
  readonly recovery: Uint8Array
}

async function deviceOf(name: string): Promise<Device> {
  const random = seededRandom(name)
  const account = accountFromPhrase(createAccount({ random }).phrase)
  if (!account.ok) throw new Error('no account')
  const seed = random.bytes(32)
  const key = await crypto.ed25519.publicKey(seed)
  const chain = await certifyFirstDevice(crypto, {
    accountSeed: account.value.identitySeed,
    deviceKey: key,
    createdAt: 1,
  })
  const about = { accountSeed: account.value.identitySeed, deviceKey: key, number: 5 }
  return { seed, key, chain, recovery: await signRecovery(crypto, about) }
}

async function signed(label: typeof CONTROL | typeof ACCEPTANCE, body: Uint8Array, by: Device): Promise<SignedRecord> {
  const signature = await crypto.ed25519.sign(by.seed, signedBytes(label, body))
  return { body, device: by.key, signature } as SignedRecord
}

async function thingOf(
  author: Device,
  said: Saying,
  about: { conversation?: ConversationId } = {},
): Promise<SignedRecord> {
  const body = encodeControlThing({
    conversation: fromHex(about.conversation ?? CONVERSATION),
    device: author.key,
    cseq: 2,
    prev: new Uint8Array(32).fill(1),
    deps: [],
    lamport: 2,
    epochId: new Uint8Array(32).fill(2),
    madeAt: 1n,
    attachmentHash: new Uint8Array(),
    said,
  })
  return signed(CONTROL, body, author)
}

async function acceptanceOf(
  signer: Device,
  devices: readonly Device[],
  conversation: ConversationId = CONVERSATION,
): Promise<SignedRecord> {
  const listed = devices.map(({ chain }) => ({ chain, keyPackageHash: new Uint8Array(32) }))
  return signed(
    ACCEPTANCE,
    encodeAcceptance({ conversation: fromHex(conversation), name: 'Dora', devices: listed, madeAt: 1n }),
    signer,
  )
}

async function reasonOf(record: SignedRecord): Promise<string> {
  const checked = await checkThing(crypto, CONVERSATION, record)
  return checked.ok ? 'ok' : checked.reason
}

const [ben, dora, eve] = [await deviceOf('Ben'), await deviceOf('Dora'), await deviceOf('Eve')]

test("an add needs the account's own yes, to this conversation, by one of the devices that come in", async () => {
  const add = async (acceptance: SignedRecord): Promise<string> =>
    reasonOf(await thingOf(ben, { case: 'add', value: { acceptance } }))
  expect(await add(await acceptanceOf(dora, [dora]))).toBe('ok')
  expect(await add(await acceptanceOf(dora, [dora], OTHER))).toBe('other-conversation')
  expect(await add(await acceptanceOf(ben, [dora]))).toBe('wrong-signer')
  expect(await add(await acceptanceOf(dora, [dora, eve]))).toBe('mixed-accounts')
  expect(await add(await acceptanceOf(dora, [dora, dora]))).toBe('mixed-accounts')
  const forged = { ...(await acceptanceOf(dora, [dora])), signature: new Uint8Array(64) } as SignedRecord
  expect(await add(forged)).toBe('bad-signature')
})

test('a device certificate that another account has signed, or nobody, introduces no device', async () => {
  const grant = async (chain: Uint8Array): Promise<string> =>
    reasonOf(await thingOf(ben, { case: 'grant', value: { chain } }))
  const chain = dora.chain.slice()
  chain[chain.length - 1] = (chain.at(-1) ?? 0) ^ 1
  expect(await grant(dora.chain)).toBe('ok') // whose it is, the rules compare with the author's account
  expect(await grant(chain)).not.toBe('ok')
})

test('a recover needs what the account key has said of its author', async () => {
  const recover = async (by: Device, { chain }: Device, { recovery }: Device, number = 5n): Promise<string> => {
    const statement = decodeRecoveryStatement(recovery)
    if (!statement.ok) throw new Error('no statement')
    const value = { chain, statement: { ...statement.value, number } }
    return reasonOf(await thingOf(by, { case: 'recover', value }))
  }
  expect(await recover(ben, ben, ben)).toBe('ok')
  expect(await recover(dora, ben, ben)).toBe('wrong-signer')
  expect(await recover(dora, dora, ben)).toBe('other-device')
  expect(await recover(ben, dora, ben)).toBe('other-device')
  expect(await recover(ben, ben, ben, 6n)).toBe('bad-signature')
})

test('what another has signed, or is of another conversation, says nothing here', async () => {
  const leave: Saying = { case: 'leave', value: {} }
  expect(await reasonOf(await thingOf(ben, leave))).toBe('ok')
  expect(await reasonOf(await thingOf(ben, leave, { conversation: OTHER }))).toBe('other-conversation')
  const record = await thingOf(ben, leave)
  expect(await reasonOf({ ...record, device: dora.key } as SignedRecord)).toBe('wrong-signer')
})

test('bytes that were changed anywhere are refused, never thrown at, seed "changed things"', async () => {
  const record = await thingOf(ben, { case: 'add', value: { acceptance: await acceptanceOf(dora, [dora]) } })
  const random = seededRandom('changed things')
  for (let round = 0; round < 400; round += 1) {
    const body = record.body.slice()
    const [at = 0, bit = 0] = random.bytes(2)
    const place = (at * body.length) >> 8
    body[place] = (body[place] ?? 0) ^ (1 << (bit & 7))
    // Signed by the insider who changed it: the signature is right, whatever is inside.
    const checked = await checkThing(crypto, CONVERSATION, await signed(CONTROL, body, ben))
    if (checked.ok) expect(toHex(checked.value.record.body)).toBe(toHex(body))
  }
})
