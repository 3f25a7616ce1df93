import type { Address, DeviceId } from '@sotto/interface'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeDeviceLink, encodeDeviceLink, linkingKeys } from './linking.ts'

const LINK = {
  relays: ['/ip4/127.0.0.1/tcp/4781/ws/p2p/12D3KooWA4cBAZgH7VSD9U62zhCCuYtiZviNfgzEaJf3XZ1GVFdb' as Address],
  device: 'd0'.repeat(32) as DeviceId,
  secret: new Uint8Array(16).fill(7),
  expiresAt: 1_800_000_000,
}

describe("a device's code", () => {
  const text = encodeDeviceLink(LINK)

  it('is read as it was made, with spaces around it or without its scheme', () => {
    for (const typed of [text, ` ${text}\n`, text.slice('sotto-device:'.length)]) {
      expect(decodeDeviceLink(typed)).toEqual({ ok: true, value: LINK })
    }
  })

  it('is refused with the reason when it was cut, changed, or is something else', () => {
    expect(decodeDeviceLink(text.slice(0, -4))).toMatchObject({ ok: false })
    expect(decodeDeviceLink('')).toEqual({ ok: false, reason: 'not-a-link' })
    expect(decodeDeviceLink('a'.repeat(5_000))).toEqual({ ok: false, reason: 'not-a-link' })
  })

  it('never makes the reader throw (seed 20261128)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (typed) => {
        const read = decodeDeviceLink(typed)
        if (read.ok) expect(encodeDeviceLink(read.value)).toContain(typed.trim().replace(/^sotto-device:/i, ''))
      }),
      { seed: 20_261_128, numRuns: 2_000 },
    )
  })

  it('gives both sides the same keys, none of them twice', () => {
    const keys = linkingKeys(LINK.secret)
    expect(linkingKeys(LINK.secret)).toEqual(keys)
    expect(new Set(Object.values(keys).map((key) => key.join())).size).toBe(3)
  })
})
