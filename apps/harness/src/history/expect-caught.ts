import { expect } from 'vitest'
import { check } from './check.ts'
import type { Entry } from './entry.ts'
import type { RuleName } from './findings.ts'
import type { Plant } from './plants.ts'

/** The checker names what was planted into a good history, by that rule and in those words. */
export function expectCaught(
  history: readonly Entry[],
  { rule, plant, sentence }: { rule: RuleName; plant: Plant; sentence: RegExp },
): void {
  const { holds, violations } = check(plant(history))
  const found = violations.filter((violation) => violation.rule === rule).map((violation) => violation.sentence)
  expect(found).toContainEqual(expect.stringMatching(sentence))
  expect(holds).toBe(false)
}
