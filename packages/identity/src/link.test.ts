import type { AccountId, Address } from '@sotto/interface'
import { fromHex, toHex, WireError } from '@sotto/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { vectors } from '../test/vectors.ts'
import {
  addressToBytes,
  bytesToAddress,
  decodeLink,
  encodeLink,
  IdentityError,
  knockGeneration,
  linkKeys,
  parseAddress,
} from './index.ts'

const { valid, invalid, addresses } = vectors<
  { text: string; payload: string; relays: Address[]; accountHash: string; secret: string },
  { text: string; reason: string },
  { addresses: { text: Address; bytes: string }[] }
>('link')
const account = vectors<{ account: AccountId }, unknown>('chain').valid[0]?.account ?? ('' as AccountId)

describe('spec/vectors/link.json', () => {
  it.each(valid)('$text', ({ text, payload, relays, accountHash, secret }) => {
    const link = decodeLink(text)
    expect(link.ok).toBe(true)
    if (!link.ok) return
    expect(link.value.relays).toEqual(relays)
    expect(toHex(link.value.payload)).toBe(payload)
    expect(toHex(link.value.accountHash)).toBe(accountHash)
    expect(toHex(link.value.secret)).toBe(secret)
    expect(text).toContain(encodeLink({ relays, account, secret: fromHex(secret) }).slice('sotto:'.length))
  })

  it.each(invalid)('refuses "$text"', ({ text, reason }) => {
    expect(decodeLink(text)).toEqual({ ok: false, reason })
  })

  it.each(addresses)('$text has one binary form', ({ text, bytes }) => {
    expect(toHex(addressToBytes(text))).toBe(bytes)
    expect(bytesToAddress(fromHex(bytes))).toEqual({ ok: true, value: text })
    expect(parseAddress(` ${text}\n`)).toEqual({ ok: true, value: text })
  })
})

describe('links', () => {
  const secret = fromHex(valid[0]?.secret ?? '')
  const relays = addresses.map(({ text }) => text)

  it('stand after the # of any page, in place of what was there', () => {
    const link = encodeLink({ relays: relays.slice(0, 1), account, secret }, 'https://sotto.example/app#old')
    expect(link).toMatch(/^https:\/\/sotto\.example\/app#i=[\w-]+$/)
    expect(decodeLink(link).ok).toBe(true)
  })

  it('with one relay carry about 120 bytes', () => {
    const link = decodeLink(encodeLink({ relays: relays.slice(0, 1), account, secret }))
    expect(link.ok && link.value.payload.length).toBeLessThanOrEqual(120)
  })

  it('are not made of what no link can have', () => {
    expect(() => encodeLink({ relays: [], account, secret })).toThrow(WireError)
    expect(() => encodeLink({ relays: [...relays, ...relays], account, secret })).toThrow(WireError)
    expect(() => encodeLink({ relays, account, secret: new Uint8Array(15) })).toThrow(WireError)
    expect(() => encodeLink({ relays: ['/ip4/127.0.0.1/tcp/1' as Address], account, secret })).toThrow(IdentityError)
  })

  it('any text gives a value', () => {
    const payload = (valid[0]?.text ?? '').slice('sotto:'.length)
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc.constantFrom('sotto:', '#i=', '&', 'https://a/', payload, payload.slice(3), '=', '%', '\n'),
    )
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, (pasted) => {
        const link = decodeLink(pasted)
        if (link.ok) expect(toHex(link.value.payload)).toBe(valid[0]?.payload)
        else expect(link.reason).toMatch(/^(not-a-link|malformed|unknown-version|bad-relay)$/)
      }),
      { seed: 20_261_125, numRuns: 10_000 },
    )
  })

  it('changed in one character are refused, or name another invitation', () => {
    const text = valid[0]?.text ?? ''
    const at = fc.integer({ min: 'sotto:'.length, max: text.length - 1 })
    fc.assert(
      fc.property(at, fc.constantFrom(...'ABCXYZabcxyz0189-_=+/ é'), (where, character) => {
        const changed = text.slice(0, where) + character + text.slice(where + 1)
        const link = decodeLink(changed)
        if (link.ok && changed !== text) expect(toHex(link.value.payload)).not.toBe(valid[0]?.payload)
      }),
      { seed: 20_261_125, numRuns: 2_000 },
    )
  })
})

describe('addresses', () => {
  it.each([
    '',
    '/',
    'relay.example.org',
    '/ip4/1.2.3.4/tcp/1',
    '/ip4/999.1.1.1/tcp/1/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC',
    '/ip4/1.2.3.4/tcp/99999/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC',
    '/p2p/abc',
    'x'.repeat(5_000),
  ])('"%s" is none', (text) => {
    expect(parseAddress(text).ok).toBe(false)
  })

  it('any bytes give a value, and an accepted one is exact', () => {
    const known = addresses.map(({ bytes }) => fromHex(bytes))
    const changed = fc.tuple(fc.constantFrom(...known), fc.nat(), fc.nat(255)).map(([bytes, at, byte]) => {
      const copy = Uint8Array.from(bytes)
      copy[at % copy.length] = byte
      return copy
    })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), changed), (bytes) => {
        const address = bytesToAddress(bytes)
        if (address.ok) expect(addressToBytes(address.value)).toEqual(bytes)
      }),
      { seed: 20_261_125, numRuns: 10_000 },
    )
  })
})

describe('spec/vectors/link-keys.json', () => {
  const keys = vectors<Record<string, string> & { secret: string }, { secret: string }>('link-keys')

  it.each(keys.valid)('$secret', ({ secret, ...expected }) => {
    const { blobId, blobKey, knockWriteSeed } = linkKeys(fromHex(secret))
    const { id, secret: generation } = knockGeneration(fromHex(secret))
    const derived = { blobId, blobKey, knockWriteSeed, knockGenerationId: id, knockGenerationSecret: generation }
    expect(Object.fromEntries(Object.entries(derived).map(([name, key]) => [name, toHex(key)]))).toEqual(expected)
  })

  it.each(keys.invalid)('refuses $secret', ({ secret }) => {
    expect(() => linkKeys(fromHex(secret))).toThrow(IdentityError)
    expect(() => knockGeneration(fromHex(secret))).toThrow(IdentityError)
  })
})
