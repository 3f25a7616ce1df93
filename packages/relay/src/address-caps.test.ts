import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { networkOf } from './address-caps.ts'

describe('the network of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:0db8:0001:0002'],
    ['2001:DB8:1:2::6', '2001:0db8:0001:0002'],
    ['2001:db8::1', '2001:0db8:0000:0000'],
    ['::1', '0000:0000:0000:0000'],
    ['fe80::1:2:3:4', 'fe80:0000:0000:0000'],
    ['unknown', 'unknown'],
  ])('%s is %s', (host, network) => {
    expect(networkOf(host)).toBe(network)
  })

  it('is the same for all 2^64 addresses of a host', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16))
    fc.assert(
      fc.property(fc.array(group, { minLength: 12, maxLength: 12 }), (groups) => {
        const network = groups.slice(0, 4)
        const one = [...network, ...groups.slice(4, 8)].join(':')
        const other = [...network, ...groups.slice(8)].join(':')
        expect(networkOf(one)).toBe(networkOf(other))
      }),
    )
  })
})
