import { describe, expect, it } from 'vitest'

import { USUAL, type Faults, type Outcome } from '../test/simulation/faults.ts'
import { PLANTS } from '../test/simulation/plants.ts'
import { simulate } from '../test/simulation/world.ts'

const PATHS = ['both', 'relays', 'direct'] as const
/** Over each kind of path; `npm run sim` plays any others. */
const SEEDS = 50
/** Milliseconds that a test may take on a busy machine. */
const SLOW = 60_000
/** What must have happened in a run of seeds, else it showed nothing. */
const EXERCISED = ['gaps', 'show-event', 'fetch', 'serve', 'release', 'head-due', 'refused']

function seeds(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => from + at)
}

function total(outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number {
  return outcomes.reduce((sum, outcome) => sum + of(outcome), 0)
}

describe('two devices under drops, duplicates, reordering, lying relays and crashes', () => {
  for (const paths of PATHS) {
    it(
      `lose, double and reorder nothing and never lie about a state: ${paths}, seeds 1 to ${SEEDS}`,
      () => {
        const runs = seeds(1, SEEDS).map((seed) => ({ seed, outcome: simulate(seed, { ...USUAL, paths }) }))
        for (const { seed, outcome } of runs) expect({ seed, found: outcome.violations }).toEqual({ seed, found: [] })
        const outcomes = runs.map(({ outcome }) => outcome)
        expect(total(outcomes, ({ crashes }) => crashes)).toBeGreaterThan(50)
        expect(total(outcomes, ({ messages }) => messages)).toBeGreaterThan(1_000)
        const idle = EXERCISED.filter((effect) => total(outcomes, ({ effects }) => effects.get(effect) ?? 0) === 0)
        expect(idle).toEqual([])
      },
      SLOW,
    )
  }

  it('do the same again for the same seed', () => {
    for (const seed of [3, 14, 15]) {
      expect(simulate(seed).trace).toBe(simulate(seed).trace)
      expect(simulate(seed).trace).not.toBe(simulate(seed + 1).trace)
    }
  })
})

describe('a store that is put back to an older copy', () => {
  it.each([3, 2] as const)(
    'never uses a key twice: its device retires, %i relays, seeds 1 to 60',
    (relays) => {
      const faults: Faults = { ...USUAL, actions: 250, rollback: 0.6, relays }
      const outcomes = seeds(1, 60).map((seed) => simulate(seed, faults))
      const keys = outcomes.flatMap(({ violations }) => violations).filter((found) => found.startsWith('twice: key'))
      expect(keys).toEqual([])
      const restored = outcomes.filter(({ rollbacks }) => rollbacks > 0)
      expect(restored.length).toBeGreaterThan(9)
      expect(restored.filter(({ retired }) => retired === 0)).toEqual([])
    },
    SLOW,
  )
})

describe('a planted bug is found within 200 seeds', () => {
  for (const [name, { plant, faults, shows }] of Object.entries(PLANTS)) {
    it(
      `${name} (${shows})`,
      () => {
        const finds = (seed: number): boolean =>
          simulate(seed, faults, plant).violations.some((violation) => violation.startsWith(shows))
        expect(seeds(1, 200).some(finds)).toBe(true)
      },
      SLOW,
    )
  }
})
