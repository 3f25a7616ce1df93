import fc from 'fast-check'

import { bytes, id, name } from './arbitraries.ts'

const relays = fc.array(bytes(1, 64), { minLength: 1, maxLength: 3 })

export const deviceCode = fc.record({
  version: fc.constant(1),
  relays,
  device: id,
  secret: bytes(16),
  expiresAt: fc.integer({ min: 1, max: 0xffff_ffff }),
})

const offer = fc.record({ chain: bytes(1, 200), name, conversation: id })

export const linking = fc.record({
  said: fc.oneof(
    offer.map((value) => ({ case: 'offer' as const, value })),
    bytes(1, 300).map((value) => ({ case: 'keyPackage' as const, value })),
    bytes(1, 300).map((value) => ({ case: 'bundle' as const, value })),
  ),
})

export const deviceJoin = fc.record({ conversation: id, device: id })
export const devicePackage = fc.record({ conversation: id, keyPackage: bytes(1, 300) })
const mark = fc
  .record({ device: id, seq: fc.integer({ min: 1, max: 0xffff_ffff }), from: fc.integer({ min: 1, max: 0xffff_ffff }) })
  .map((one) => ({ ...one, from: Math.min(one.from, one.seq) }))
export const selfRead = fc.record({ conversation: id, marks: fc.array(mark, { minLength: 1, maxLength: 5 }) })
export const selfContact = fc.record({ account: id, verified: fc.boolean(), blocked: fc.boolean() })

const said = fc.record({ lamport: fc.integer({ min: 0, max: 0xffff_ffff }), eventId: id })
const setting = fc.oneof(
  name.map((value) => ({ case: 'name' as const, value })),
  fc
    .uniqueArray(bytes(1, 64), { maxLength: 3, selector: (address) => address.join() })
    .map((listed) => ({ case: 'relays' as const, value: { relays: listed } })),
  fc.boolean().map((value) => ({ case: 'relaysOnly' as const, value })),
)
export const selfSetting = fc.oneof(fc.record({ setting }), fc.record({ setting, said }))
