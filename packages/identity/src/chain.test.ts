import { fromHex, toHex } from '@sotto/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fakeCrypto } from '../test/fake-crypto.ts'
import { vectors } from '../test/vectors.ts'
import { certifyDevice, certifyFirstDevice, IdentityError, verifyChain, verifyCredential } from './index.ts'

const { valid, invalid, certify } = vectors<
  { name: string; chain: string; account: string; device: string },
  { name: string; chain: string; reason: string },
  { certify: { accountSeed: string; deviceSeeds: string[]; createdAt: number[]; chains: string[] } }
>('chain')
const crypto = fakeCrypto()
const [seed1 = '', seed2 = ''] = certify.deviceSeeds
const keyOf = async (seed: string): Promise<Uint8Array> => crypto.ed25519.publicKey(fromHex(seed))

describe('spec/vectors/chain.json', () => {
  it.each(valid)('$name', async ({ chain, account, device }) => {
    expect(await verifyChain(crypto, fromHex(chain))).toMatchObject({ ok: true, value: { account, device } })
  })

  it.each(invalid)('refuses $name', async ({ chain, reason }) => {
    expect(await verifyChain(crypto, fromHex(chain))).toEqual({ ok: false, reason })
  })

  it('certifies with the same bytes', async () => {
    const [first = '', second = ''] = certify.chains
    const [at1 = 0, at2 = 0] = certify.createdAt
    const accountSeed = fromHex(certify.accountSeed)
    expect(
      toHex(await certifyFirstDevice(crypto, { accountSeed, deviceKey: await keyOf(seed1), createdAt: at1 })),
    ).toBe(first)
    const parent = { parentSeed: fromHex(seed1), parentChain: fromHex(first) }
    expect(toHex(await certifyDevice(crypto, { ...parent, deviceKey: await keyOf(seed2), createdAt: at2 }))).toBe(
      second,
    )
  })
})

const wholeChain = fromHex(valid.at(-1)?.chain ?? '')

it('no change of a single bit, of any certificate, is believed', async () => {
  const bit = fc.nat(wholeChain.length * 8 - 1)
  const change = fc.asyncProperty(bit, async (at) => {
    const changed = Uint8Array.from(wholeChain)
    changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7))
    const result = await verifyChain(crypto, changed)
    // The last certificate's own key may name another device only with a signature of its parent, which nobody has.
    expect(result.ok).toBe(false)
  })
  await fc.assert(change, { seed: 20_261_125, numRuns: 150 })
})

it('a chain cut at a certificate is the chain of that ancestor', async () => {
  const whole = await verifyChain(crypto, wholeChain)
  expect(whole.ok && whole.value.certificates.map(({ device }) => device)).toHaveLength(8)
})

it('any bytes give a value, without checking a signature', async () => {
  const quiet = fakeCrypto()
  const total = fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
    expect((await verifyChain(quiet, bytes)).ok).toBe(false)
  })
  await fc.assert(total, { seed: 20_261_125, numRuns: 2_000 })
  expect(quiet.checks()).toBe(0)
})

it('10,000 chains with changed bytes give a value each (seed 20261125)', async () => {
  const trusting = { ed25519: { ...crypto.ed25519, verify: () => true } }
  const known = valid.map(({ chain }) => fromHex(chain))
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(3)), { minLength: 1, maxLength: 4 })
  const total = fc.asyncProperty(fc.constantFrom(...known), changes, async (chain, edits) => {
    let bytes = [...chain]
    for (const [where, byte, how] of edits) {
      const at = where % (bytes.length + 1)
      if (how === 0) bytes = bytes.slice(0, at)
      else bytes.splice(at, how === 1 ? 1 : 0, byte)
    }
    // Even to a verifier that believes everything, a chain is at most eight devices of one account.
    const result = await verifyChain(trusting, Uint8Array.from(bytes))
    if (!result.ok) return
    const devices = result.value.certificates.map(({ device }) => device)
    expect(devices.length).toBeLessThanOrEqual(8)
    expect(new Set([...devices, result.value.account]).size).toBe(devices.length + 1)
    expect(devices.at(-1)).toBe(result.value.device)
  })
  await fc.assert(total, { seed: 20_261_125, numRuns: 10_000 })
})

describe('certifying', () => {
  const chainOf = (at: number): Uint8Array => fromHex(valid[at]?.chain ?? '')

  it('is refused to a device that the chain does not end in', async () => {
    const other = { parentSeed: fromHex(seed2), parentChain: chainOf(0), deviceKey: await keyOf(seed1), createdAt: 1 }
    await expect(certifyDevice(crypto, other)).rejects.toThrow(IdentityError)
  })

  it('is refused below the eighth', async () => {
    let chain = chainOf(0)
    let parentSeed = fromHex(seed1)
    for (let depth = 2; depth <= 8; depth++) {
      const seed = new Uint8Array(32).fill(depth)
      chain = await certifyDevice(crypto, {
        parentSeed,
        parentChain: chain,
        deviceKey: await crypto.ed25519.publicKey(seed),
        createdAt: depth,
      })
      parentSeed = seed
    }
    expect((await verifyChain(crypto, chain)).ok).toBe(true)
    const next = { parentSeed, parentChain: chain, deviceKey: new Uint8Array(32).fill(9), createdAt: 9 }
    await expect(certifyDevice(crypto, next)).rejects.toMatchObject({ code: 'chain-full' })
  })

  it('is refused with damaged certificates', async () => {
    const damaged = { parentSeed: fromHex(seed1), parentChain: chainOf(0).slice(1), deviceKey: new Uint8Array(32) }
    await expect(certifyDevice(crypto, { ...damaged, createdAt: 1 })).rejects.toMatchObject({ code: 'bad-chain' })
  })
})

describe('credentials', () => {
  const verify = verifyCredential(crypto)

  it('are those of the device whose key is in the leaf, and of no other', async () => {
    const [first, second] = valid
    const leaf = fromHex(second?.chain ?? '')
    expect(await verify(leaf, fromHex(second?.device ?? ''))).toEqual({
      ok: true,
      value: { account: second?.account, device: second?.device },
    })
    expect(await verify(leaf, fromHex(first?.device ?? ''))).toEqual({ ok: false, reason: 'wrong-key' })
    expect(await verify(leaf, fromHex(second?.account ?? ''))).toEqual({ ok: false, reason: 'wrong-key' })
  })

  it('pass on why a chain does not hold', async () => {
    for (const { chain, reason } of invalid) {
      expect(await verify(fromHex(chain), new Uint8Array(32))).toEqual({ ok: false, reason })
    }
  })
})
