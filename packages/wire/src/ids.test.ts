import type { RelayId } from '@sotto/interface'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { unhex, vectors } from '../test/vectors.ts'
import {
  bodyHash,
  decodeEventHeader,
  decodeInner,
  decodeMailboxParameters,
  eventIdOf,
  fromHex,
  innerIdOf,
  isHex,
  mailboxAuthBytes,
  mailboxId,
  paramsOf,
  parametersOf,
  signedBytes,
  toHex,
  u32,
  WireError,
  type Label,
} from './index.ts'

describe('event ids', () => {
  const {
    valid,
    invalid,
    bodyHash: hashes,
  } = vectors<
    { header: string; eventId: string },
    { header: string; reason: string },
    { bodyHash: { salt: string; body: string; hash: string }[] }
  >('event-id')

  it.each(valid)('$eventId', ({ header, eventId }) => {
    expect(decodeEventHeader(unhex(header)).ok).toBe(true)
    expect(eventIdOf(unhex(header))).toBe(eventId)
  })

  it.each(invalid)('no id for what is no header: $reason', ({ header, reason }) => {
    expect(decodeEventHeader(unhex(header))).toEqual({ ok: false, reason })
  })

  it.each(hashes)('a body and its salt give $hash', ({ salt, body, hash }) => {
    expect(toHex(bodyHash(unhex(salt), unhex(body)))).toBe(hash)
  })

  it('a salt of another length is our own mistake', () => {
    expect(() => bodyHash(new Uint8Array(31), new Uint8Array())).toThrow(WireError)
  })
})

describe('inner ids', () => {
  const { valid, invalid } = vectors<{ inner: string; innerId: string }, { inner: string; reason: string }>('inner-id')

  it.each(valid)('$innerId', ({ inner, innerId }) => {
    expect(decodeInner(unhex(inner)).ok).toBe(true)
    expect(innerIdOf(unhex(inner))).toBe(innerId)
  })

  it.each(invalid)('no item: $reason', ({ inner, reason }) => {
    expect(decodeInner(unhex(inner))).toEqual({ ok: false, reason })
  })
})

describe('mailbox ids', () => {
  const { valid, invalid } = vectors<
    { name: string; parameters: string; mailboxId: string },
    { name: string; parameters: string; reason: string }
  >('mailbox-id')

  it.each(valid)('$name', ({ parameters, mailboxId: id }) => {
    const params = paramsOf(unhex(parameters))
    expect(params.ok).toBe(true)
    if (params.ok) expect(parametersOf(params.value)).toEqual(unhex(parameters))
    expect(mailboxId(unhex(parameters))).toBe(id)
  })

  it.each(invalid)('$name', ({ parameters, reason }) => {
    expect(decodeMailboxParameters(unhex(parameters))).toEqual({ ok: false, reason })
    expect(paramsOf(unhex(parameters)).ok).toBe(false)
  })
})

describe('signed bytes', () => {
  const { valid, invalid, mailboxAuth } = vectors<
    { label: Label; parts: string[]; bytes: string },
    { label: Label; parts: string[] },
    { mailboxAuth: { relay: RelayId; challenge: string; id: number; op: string; bytes: string }[] }
  >('signed-bytes')

  it.each(valid)('$label over $parts', ({ label, parts, bytes }) => {
    expect(toHex(signedBytes(label, ...parts.map(unhex)))).toBe(bytes)
  })

  it.each(invalid)('$label over $parts are other bytes', ({ label, parts }) => {
    expect(toHex(signedBytes(label, ...parts.map(unhex)))).not.toBe(valid[0]?.bytes)
  })

  it.each(mailboxAuth)('a mailbox request', ({ relay, challenge, id, op, bytes }) => {
    expect(toHex(mailboxAuthBytes(relay, unhex(challenge), id, unhex(op)))).toBe(bytes)
  })

  it('differ whenever the parts do', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 6 }), { maxLength: 4 })
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const equal = a.length === b.length && a.every((part, at) => toHex(part) === toHex(b[at] ?? new Uint8Array(9)))
        expect(toHex(signedBytes('sotto/seal/1', ...a)) === toHex(signedBytes('sotto/seal/1', ...b))).toBe(equal)
      }),
      { seed: 20_261_125, numRuns: 1_000 },
    )
  })
})

describe('hex and numbers', () => {
  it('come back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes)
      }),
      { seed: 20_261_125 },
    )
  })

  it('are lower-case and whole', () => {
    expect(isHex('0aff', 2)).toBe(true)
    for (const text of ['0AFF', '0af', '0agg', ' 0aff', '0aff0']) expect(isHex(text)).toBe(false)
    expect(isHex('0aff', 3)).toBe(false)
    expect(() => fromHex('0AFF')).toThrow(WireError)
  })

  it('have four bytes', () => {
    expect(u32(0x01020304)).toEqual(Uint8Array.of(1, 2, 3, 4))
    expect(u32(0xffff_ffff)).toEqual(Uint8Array.of(255, 255, 255, 255))
    for (const value of [-1, 2 ** 32, 0.5, Number.NaN]) expect(() => u32(value)).toThrow(WireError)
  })
})
