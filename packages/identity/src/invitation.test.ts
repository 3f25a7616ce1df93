import {
  decodeInvitationBlob,
  decodeInvitationBody,
  fromHex,
  mailboxId,
  MAX_BLOB_BYTES,
  parametersOf,
  toHex,
} from '@sotto/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fakeCrypto, fakeRandom, randomOf } from '../test/fake-crypto.ts'
import { vectors } from '../test/vectors.ts'
import { openBytes, sealBytes } from './blob-seal.ts'
import { createLink, decodeLink, linkKeys, openBlob, sealBlob, type InvitationLinkRecord } from './index.ts'

const file = vectors<
  { name: string; blob: string; sealed: string; now: number; invitation: Record<string, unknown> },
  { name: string; blob: string; reason: string; now: number; secret?: string; flip?: number },
  { link: string; deviceSeed: string; nonce: string; knockReadSeed: string }
>('invitation-blob')
const crypto = fakeCrypto()
const random = randomOf(fromHex(file.nonce))

function linkOf(text: string): InvitationLinkRecord {
  const decoded = decodeLink(text)
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.value
}
const link = linkOf(file.link)
const keys = linkKeys(link.secret)

describe('spec/vectors/invitation-blob.json', () => {
  it.each(file.valid)('$name', async ({ blob, sealed, now, invitation }) => {
    const opened = await openBlob(crypto, { sealed: fromHex(sealed), link, now })
    expect(opened.ok).toBe(true)
    if (!opened.ok) return
    const { knock, keyPackages, chain, ...rest } = opened.value
    expect({
      ...rest,
      keyPackages: keyPackages.map((bytes) => toHex(bytes)),
      knockReadKey: toHex(knock.params.readKey),
      knockWriteKey: toHex(knock.writeKey.publicKey),
      uses: knock.params.capacity,
      powBits: knock.params.powBits,
    }).toEqual(invitation)
    expect(knock.params).toMatchObject({
      lane: 'knock',
      expiresAt: rest.expiresAt,
      writeKeys: [knock.writeKey.publicKey],
    })
    expect(mailboxId(parametersOf(knock.params))).toMatch(/^[0-9a-f]{64}$/)
    expect(chain.length).toBeGreaterThan(0)
    expect(toHex(sealBytes(fromHex(blob), keys, random))).toBe(sealed)
  })

  it('seals the same parts to the same bytes', async () => {
    const [first] = file.valid
    const blob = decodeInvitationBlob(fromHex(first?.blob ?? ''))
    const body = blob.ok ? decodeInvitationBody(blob.value.body) : blob
    if (!body.ok) throw new Error(body.reason)
    const parts = { ...body.value, link, deviceSeed: fromHex(file.deviceSeed), random }
    expect(toHex(await sealBlob(crypto, parts))).toBe(first?.sealed)
  })

  it.each(file.invalid)('refuses $name', async ({ blob, reason, now, secret, flip }) => {
    const sealed = sealBytes(fromHex(blob), secret === undefined ? keys : linkKeys(fromHex(secret)), random)
    if (flip !== undefined) sealed[flip] = (sealed[flip] ?? 0) ^ 1
    expect(await openBlob(crypto, { sealed, link, now })).toEqual({ ok: false, reason })
  })
})

describe('a relay', () => {
  const [good] = file.valid
  const sealed = fromHex(good?.sealed ?? '')
  const now = good?.now ?? 0

  it('cannot change one bit unseen', async () => {
    const bit = fc.asyncProperty(fc.nat(sealed.length * 8 - 1), async (at) => {
      const changed = Uint8Array.from(sealed)
      changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7))
      expect(await openBlob(crypto, { sealed: changed, link, now })).toEqual({ ok: false, reason: 'undecryptable' })
    })
    await fc.assert(bit, { seed: 20_261_125, numRuns: 200 })
  })

  it('may give any bytes, of any length', async () => {
    const lengths = fc.oneof(fc.nat(100), fc.constantFrom(39, 40, 4_136, MAX_BLOB_BYTES, MAX_BLOB_BYTES + 1))
    const bytes = fc.asyncProperty(lengths, fc.nat(255), async (length, fill) => {
      const given = new Uint8Array(length).fill(fill)
      expect(await openBlob(crypto, { sealed: given, link, now })).toEqual({ ok: false, reason: 'undecryptable' })
    })
    await fc.assert(bytes, { seed: 20_261_125, numRuns: 100 })
  })

  it('learns from the size no more than the number of 4 KiB steps', () => {
    for (const length of [1, 100, 4_095]) expect(sealBytes(new Uint8Array(length), keys, random)).toHaveLength(4_136)
    expect(sealBytes(new Uint8Array(4_096), keys, random)).toHaveLength(8_232)
    expect(sealBytes(new Uint8Array(131_008), keys, random)).toHaveLength(MAX_BLOB_BYTES)
  })
})

it('what was sealed comes back, whatever its last bytes are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.nat(3), fc.boolean(), (start, zeros, marked) => {
      const blob = Uint8Array.from([...start, ...(marked ? [0x80] : []), ...new Uint8Array(zeros)])
      expect(openBytes(sealBytes(blob, keys, fakeRandom(3)), keys)).toEqual(blob)
    }),
    { seed: 20_261_125, numRuns: 100 },
  )
})

it('the same secret in a link with other relays opens the blob, and is refused', async () => {
  const relays = link.relays.map((relay) => relay.replace('4781', '4782') as typeof relay)
  const forged = { ...createLink({ relays, account: '00'.repeat(32) as never, secret: link.secret }) }
  const moved = { ...forged, accountHash: link.accountHash }
  const [good] = file.valid
  const sealed = fromHex(good?.sealed ?? '')
  expect(await openBlob(crypto, { sealed, link: moved, now: 0 })).toEqual({ ok: false, reason: 'wrong-link' })
})
