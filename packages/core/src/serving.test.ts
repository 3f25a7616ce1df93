import { describe, expect, it } from 'vitest'

import { HONEST, ServingWorld, type ServingPlant } from '../test/simulation/serving.ts'
import { step, type ConversationState, type Input, type Step } from './index.ts'

const SLOW = 60_000
const SEEDS = Array.from({ length: 40 }, (_, at) => at + 1)

describe('two of five go for good, having given what they said to some only', () => {
  it(
    'those who stay have what one of them has, and nothing that nobody said: seeds 1 to 40',
    () => {
      const runs = SEEDS.map((seed) => ({ seed, ...new ServingWorld(seed).run() }))
      for (const { seed, violations } of runs) expect({ seed, violations }).toEqual({ seed, violations: [] })
      expect(runs.reduce((sum, { served }) => sum + served, 0)).toBeGreaterThan(60)
      expect(runs.reduce((sum, { forged }) => sum + forged, 0)).toBeGreaterThan(30)
    },
    SLOW,
  )

  it('the same seed gives the same again', () => {
    for (const seed of [1, 2, 3]) expect(new ServingWorld(seed).run().trace).toBe(new ServingWorld(seed).run().trace)
  })
})

describe('a planted mistake is found within 40 seeds', () => {
  const PLANTS: readonly (readonly [name: string, shows: string, plant: ServingPlant])[] = [
    ['nobody but its author is asked', 'lost', { ...HONEST, stepper: authorsOnly }],
    ['what others say to have is not asked for', 'lost', { ...HONEST, stepper: deafToHearsay }],
    ['nobody gives what is not its own', 'lost', { ...HONEST, stepper: ownOnly }],
    ['whether its author has signed it is not looked at', 'invented', { ...HONEST, verifies: false }],
  ]
  it.each(PLANTS)(
    '%s (%s)',
    (_name, shows, plant) => {
      const finds = (seed: number): boolean =>
        new ServingWorld(seed, plant).run().violations.some((violation) => violation.startsWith(shows))
      expect(SEEDS.some(finds)).toBe(true)
    },
    SLOW,
  )
})

function authorsOnly(state: ConversationState, input: Input): Step {
  const result = step(state, input)
  const after = result.after.filter((effect) => effect.type !== 'fetch' || !effect.anyone)
  return { ...result, after }
}

function deafToHearsay(state: ConversationState, input: Input): Step {
  if (input.type !== 'receipt') return step(state, input)
  return step(state, {
    ...input,
    receipt: { ...input.receipt, progress: input.receipt.progress.filter(isAbout(state)) },
  })
}

function isAbout({ self }: ConversationState) {
  return ({ device }: { device: Uint8Array }): boolean => Buffer.from(device).toString('hex') === self
}

function ownOnly(state: ConversationState, input: Input): Step {
  const result = step(state, input)
  return { ...result, after: result.after.filter(({ type }) => type !== 'serve-others') }
}
