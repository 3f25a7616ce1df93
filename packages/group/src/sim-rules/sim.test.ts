import { describe, expect, test } from 'vitest'
import { runPlanted } from './plant.ts'
import { RULE_PLANTS } from './rule-plants.ts'
import { runSeeds } from './seeds.ts'

/** What is run here is a sample: `npm run sim:rules -- --seeds 1-100000` is the real one. */
const SEEDS = { from: 1, to: 150 }

test('malicious members change nothing that they have no right to', () => {
  expect(runSeeds({ ...SEEDS, hasEvil: true }).kinds).toEqual({})
})

test('honest devices agree, whatever is lost and whoever is away', () => {
  expect(runSeeds({ ...SEEDS, hasEvil: false }).kinds).toEqual({})
})

describe('mistakes are noticed', () => {
  test.for([
    ['dropLosing', 32],
    ['deleteAtFinal', 414],
    ['localFinality', 35],
    ['arrivalOrder', 32],
    ['noPause', 148],
    ['noReconcile', 21],
  ] as const)('%s in world %i', ([plant, seed]) => {
    const { failed } = runSeeds({ from: seed, to: seed, hasEvil: false, plants: { [plant]: true } })
    expect(failed).toBe(1)
  })

  test.for([
    ['anybodyIsSilent', '26-26'],
    ['juniorsRemove', '410-410'],
  ] as const)('%s in the rules, in worlds %s', async ([name, seeds]) => {
    const plant = RULE_PLANTS.find((one) => one.name === name)
    if (plant === undefined) throw new Error('no such plant')
    const { output, status } = await runPlanted(plant, ['--seeds', seeds, '--honest', '--json'])
    expect(status).toBe(1)
    expect(output).toContain('"failed":1')
  })
})
