import { describe, expect, test } from 'vitest'
import { commitsFrom, messagesFrom, welcomesFrom, type Tally } from './fixtures/insider/assault.ts'
import { FACTOR, SEED } from './fixtures/insider/how-many.ts'

// A member who owns true keys and a changed client. Whatever it makes, wrong in a way that only those who can decrypt it see, the others
// answer by a value and soon, stay as they were, and follow what an honest member does next.

/** 7,000 where the factor is 1; with the control things of `rules/insider-fuzz.test.ts` 10,000. */
const [MESSAGES, COMMITS, WELCOMES] = [6000, 800, 200].map((count) => Math.ceil(count * FACTOR)) as [
  number,
  number,
  number,
]
const TIMEOUT = 120_000 + 120_000 * FACTOR

const named = (what: string, count: number): string => `${String(count)} ${what} (seed ${String(SEED)})`

function expectAll(tally: Tally, count: number, reasons: readonly string[]): void {
  const sum = [...tally.values()].reduce((a, b) => a + b, 0)
  expect(sum).toBe(count)
  // Not all were refused at the door: the forgeries reach what they are meant for.
  expect([...tally.keys()]).toEqual(expect.arrayContaining([...reasons]))
}

describe('nothing that a member makes costs another member anything', () => {
  test(named('messages', MESSAGES), { timeout: TIMEOUT }, async () => {
    const reasons = ['accepted', 'bad-signature', 'undecryptable', 'too-far', 'not-a-message']
    expectAll(await messagesFrom(SEED, MESSAGES), MESSAGES, reasons)
  })

  test(named('commits', COMMITS), { timeout: TIMEOUT }, async () => {
    const reasons = ['accepted', 'bad-signature', 'undecryptable', 'bad-commit', 'bad-tree', 'bad-credential']
    expectAll(await commitsFrom(SEED, COMMITS), COMMITS, reasons)
  })

  test(named('welcomes', WELCOMES), { timeout: TIMEOUT }, async () => {
    const reasons = ['accepted', 'bad-tree']
    expectAll(await welcomesFrom(SEED, WELCOMES), WELCOMES, reasons)
  })
})
