import fc from 'fast-check'
import { expect, test } from 'vitest'

import { replaces } from './paths.ts'

const SEED = 20_261_125
const path = fc.record({ dialler: fc.constantFrom('alice', 'bob'), beganAt: fc.integer({ min: 0, max: 60_000 }) })

test(`in whatever order two sides learn of two dials at once, both keep that of the lower (seed ${SEED})`, () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_999 }), fc.nat(60_000), (apart, at) => {
      const [alice, bob] = [{ dialler: 'alice' }, { dialler: 'bob' }]
      const keptFirst = replaces({ ...bob, beganAt: at + apart }, { ...alice, beganAt: at }) ? 'bob' : 'alice'
      const keptLast = replaces({ ...alice, beganAt: at + apart }, { ...bob, beganAt: at }) ? 'alice' : 'bob'
      expect([keptFirst, keptLast]).toEqual(['alice', 'alice'])
    }),
    { seed: SEED, numRuns: 500 },
  )
})

test(`a path that has been there for a while gives way to the newer one, as does one of the same dialler (seed ${SEED})`, () => {
  fc.assert(
    fc.property(path, path, (next, old) => {
      if (next.dialler === old.dialler || next.beganAt - old.beganAt >= 10_000) expect(replaces(next, old)).toBe(true)
    }),
    { seed: SEED, numRuns: 500 },
  )
})
