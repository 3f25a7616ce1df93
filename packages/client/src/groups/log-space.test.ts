import type { AccountId } from '@sotto/interface'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_ATTACHED, MAX_OWN_WORDS, MAX_THINGS, NOTHING, plus, LogSpace, type Spent } from './log-space.ts'

const account = (at: number): AccountId => at.toString(16).padStart(64, '0') as AccountId
const THING: Spent = { things: 1, words: 0, attached: 0 }

/** What accounts come to that say things in turn for as long as each of them may. */
function greedy(accounts: number, each: Spent): { space: LogSpace; said: number[] } {
  let space = LogSpace.empty
  const said = Array.from({ length: accounts }, () => 0)
  for (let isMoving = true; isMoving;) {
    isMoving = false
    for (const [at, count] of said.entries()) {
      if (!space.has(account(at), each)) continue
      space = space.without(account(at), each)
      said[at] = count + 1
      isMoving = true
    }
  }
  return { space, said }
}

describe('the space of a control log', () => {
  test.each([1, 2, 3, 9])('%d who say as much as they may leave as much as each of them has', (accounts) => {
    const { space, said } = greedy(accounts, THING)
    for (const count of said) expect(Math.abs(count - MAX_THINGS / (accounts + 1))).toBeLessThan(2)
    // And who has said nothing may say half of what is left.
    let [others, count] = [space, 0]
    for (; others.has(account(accounts), THING); count += 1) others = others.without(account(accounts), THING)
    expect(count).toBeGreaterThan(MAX_THINGS / (accounts + 1) / 2 - 2)
  })

  test('what does not pack, and what is attached, is shared in the same way, each by itself', () => {
    const words = { things: 0, words: 32_768, attached: 0 }
    const attached = { things: 0, words: 0, attached: 975_000 }
    const { space, said } = greedy(1, words)
    expect(said[0]).toBe(MAX_OWN_WORDS / 32_768 / 2)
    expect(space.has(account(0), THING)).toBe(true)
    expect(space.has(account(0), attached)).toBe(true)
    expect(greedy(1, attached).said[0]).toBe(Math.floor(MAX_ATTACHED / 975_000 / 2))
  })

  test('no more is ever given than there is, and whoever has less may always say what another may (seed 20261129)', () => {
    const spent = fc.record({ things: fc.nat(3_000), words: fc.nat(100_000), attached: fc.nat(9_000_000) })
    const wish = fc.record({ by: fc.nat(4), spent })
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 60 }), spent, (wishes, next) => {
        let [space, all] = [LogSpace.empty, NOTHING]
        const own = [0, 1, 2, 3, 4].map(() => NOTHING)
        for (const { by, spent: more } of wishes) {
          if (!space.has(account(by), more)) continue
          space = space.without(account(by), more)
          all = plus(all, more)
          own[by] = plus(own[by] ?? NOTHING, more)
        }
        expect(all.things <= MAX_THINGS && all.words <= MAX_OWN_WORDS && all.attached <= MAX_ATTACHED).toBe(true)
        for (const [a, spentByA] of own.entries())
          for (const [b, spentByB] of own.entries()) {
            const isLess = (['things', 'words', 'attached'] as const).every((part) => spentByA[part] <= spentByB[part])
            if (isLess && space.has(account(b), next)) expect(space.has(account(a), next)).toBe(true)
          }
      }),
      { seed: 20_261_129 },
    )
  })
})
