import fc from 'fast-check'
import { expect, test } from 'vitest'
import { account, device } from './fixtures/builder.ts'
import { isMajority } from './voters.ts'

const voters = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }).map((sizes) =>
  sizes.map((size, i) => ({
    account: account(`a${i}`),
    devices: Array.from({ length: size }, (_, k) => device(`a${i}d${k}`)),
  })),
)

test('two majorities of one tree share a device', () => {
  const choices = fc.infiniteStream(fc.boolean())
  fc.assert(
    fc.property(voters, choices, (tree, says) => {
      const all = tree.flatMap(({ devices }) => devices)
      const yes = new Set(all.filter(() => says.next().value))
      const rest = new Set(all.filter((one) => !yes.has(one)))
      // Of two sets that share nothing one at most is a majority; and all together are.
      expect(isMajority(tree, yes) && isMajority(tree, rest)).toBe(false)
      expect(isMajority(tree, new Set(all))).toBe(true)
    }),
    { numRuns: 500 },
  )
})
