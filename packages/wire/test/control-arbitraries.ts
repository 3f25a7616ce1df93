import fc, { type Arbitrary } from 'fast-check'

import type { ControlThing, Init } from '../src/index.ts'
import { address, bytes, id, name, positive, signedRecord, u32 } from './arbitraries.ts'

const chain = bytes(1, 120)
const leaf = fc.record({ device: id, grant: id })
const time = fc.bigInt(0n, 8_640_000_000_000_000n)

export const recoveryStatement = fc.record({ account: id, device: id, number: time, signature: bytes(64) })

const said = fc.oneof(
  saying(
    'create',
    fc.record({
      kind: fc.constant(2),
      title: name,
      founders: fc.array(fc.record({ chains: fc.array(chain, { minLength: 1, maxLength: 2 }), name }), {
        minLength: 1,
        maxLength: 2,
      }),
      child: id,
    }),
  ),
  saying('add', fc.record({ acceptance: signedRecord })),
  saying('remove', fc.record({ account: id })),
  saying('appoint', fc.record({ account: id })),
  saying('demote', fc.record({ account: id })),
  saying('leave', fc.constant({})),
  saying('grant', fc.record({ chain })),
  saying('revoke', fc.record({ device: id })),
  saying('rename', fc.record({ title: name })),
  saying(
    'commit',
    fc.record({
      child: id,
      added: fc.array(leaf, { maxLength: 2 }),
      removed: fc.array(leaf, { maxLength: 2 }),
      headsHash: id,
      floor: u32,
    }),
  ),
  saying('ack', fc.constant({})),
  saying('attest', fc.record({ leaf, about: id })),
  saying('stale', leaf),
  saying('stuck', fc.record({ commit: id })),
  saying('recover', fc.record({ chain, statement: recoveryStatement })),
)

export const controlThing: Arbitrary<Init<ControlThing>> = fc
  .record({
    conversation: id,
    device: id,
    cseq: positive,
    prev: id,
    deps: fc.uniqueArray(id, { maxLength: 3, selector: (item) => item.join() }),
    lamport: positive,
    epochId: id,
    madeAt: time,
    attachmentHash: fc.oneof(id, fc.constant(new Uint8Array())),
    said,
  })
  .map((thing) => (thing.cseq === 1 ? { ...thing, prev: new Uint8Array() } : thing)) as Arbitrary<Init<ControlThing>>

export const attachment = fc.record({
  keyPackages: fc.array(bytes(1, 100), { maxLength: 3 }),
  mls: bytes(0, 200),
  heads: bytes(0, 100),
  generation: fc.oneof(bytes(0, 0), bytes(16, 16)),
})
export const acceptance = fc.record({
  conversation: id,
  name,
  devices: fc.array(fc.record({ chain, keyPackageHash: id }), { minLength: 1, maxLength: 3 }),
  madeAt: time,
})
export const logHeads = fc.record({
  heads: fc.uniqueArray(fc.record({ device: id, seq: fc.integer({ min: 1, max: 2_147_483_648 }) }), {
    maxLength: 4,
    selector: ({ device }) => device.join(),
  }),
})
export const groupInvite = fc.record({ conversation: id, title: name })
export const groupWithdraw = fc.record({ conversation: id })
export const groupAccept = fc.record({
  acceptance: signedRecord,
  keyPackages: fc.array(bytes(1, 100), { minLength: 1, maxLength: 3 }),
})
export const groupWelcome = fc
  .record({
    conversation: id,
    account: id,
    bundleHash: id,
    part: u32,
    parts: fc.integer({ min: 1, max: 128 }),
    bytes: bytes(1, 200),
  })
  .map((body) => ({ ...body, part: body.part % body.parts }))
export const backBundle = fc.record({ welcome: bytes(1, 200), sealed: bytes(1, 200) })
export const welcomeBundle = fc.record({
  welcome: bytes(1, 200),
  things: fc.array(bytes(1, 100), { minLength: 1, maxLength: 4 }),
  heads: bytes(0, 100),
  relays: fc.array(address, { minLength: 1, maxLength: 3 }),
})

export const logBundle = fc.record({
  things: fc.array(bytes(1, 100), { minLength: 1, maxLength: 4 }),
  attachment: bytes(0, 200),
})

function saying<Case extends string, T>(kind: Case, value: Arbitrary<T>): Arbitrary<{ case: Case; value: T }> {
  return value.map((item) => ({ case: kind, value: item }))
}
