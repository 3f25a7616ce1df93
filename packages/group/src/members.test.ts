import { bytesToHex } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { alice, bob, engineFor, keyPackageOf, leafOf, must, pairOf, verify } from './fixtures/world.ts'
import { commit, decodeState, encodeState, join, processCommit, roster, type Verify } from './index.ts'

/** Counts how often it is asked about whom. */
function counted(): { verify: Verify; asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    verify: (credential, signatureKey) => {
      asked.push(bytesToHex(signatureKey))
      return verify(credential, signatureKey)
    },
  }
}

test('a leaf that stands in the parent as it is is asked about once and not again, also of a stored state', async () => {
  const engine = await engineFor('members/1')
  const pair = await pairOf(engine)
  const carol = leafOf('carol')
  const keyPackage = await keyPackageOf(engine, carol)
  const update = must(await commit(engine, pair.alice, {}, { opensGeneration: false }))
  for (const state of [pair.bob, must(decodeState(encodeState(pair.bob)))]) {
    const { asked, verify: asking } = counted()
    const child = must(await processCommit(engine, state, update.commit, { verify: asking })).child
    expect(asked).toEqual([])
    expect(roster(child)).toEqual(roster(update.child))
  }
  const added = must(
    await commit(engine, update.child, { add: [keyPackage.public], verify }, { opensGeneration: true }),
  )
  const { asked, verify: asking } = counted()
  const parent = must(await processCommit(engine, pair.bob, update.commit, { verify: asking })).child
  const child = must(await processCommit(engine, parent, added.commit, { verify: asking }))
  expect(new Set(asked)).toEqual(new Set([carol.device]))
  expect(child.added.map((member) => member.device)).toEqual([carol.device])
  expect(child.removed).toEqual([])

  const whole = counted()
  const welcome = added.welcome ?? new Uint8Array()
  const joined = must(await join(engine, { welcome, keyPackage, self: carol, verify: whole.verify }))
  expect(new Set(whole.asked)).toEqual(new Set([alice.device, bob.device, carol.device]))
  expect(roster(joined)).toEqual(roster(child.child))
})
