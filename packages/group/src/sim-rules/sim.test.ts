import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runPlanted } from './plant.ts'
import { RULE_PLANTS } from './rule-plants.ts'
import { merged, runSeeds } from './seeds.ts'

/** What is run here is a sample: `npm run sim:rules -- --seeds 1-100000` is the real one. */
const SEEDS = { from: 1, to: 100 }

/** What malicious devices must have done in these worlds, else nothing was shown. */
const ATTACKS = [
  'commits once out, beside a senior',
  'commits once out, beside an equal',
  'commits once out, beside a junior',
  'removals and adds once out',
  'sock puppets',
  'duels with a senior',
  'withheld better siblings',
  'withheld siblings',
  'withheld acks',
  'forked chain',
  'commits outside the chain',
  'backdated',
  'floods',
  'replayed acceptances',
  'copied stores',
  'commits with a stolen state',
  'strikes beside a recover',
  'stuck',
  'stale',
  'recover',
]

test('malicious members change nothing that they have no right to, whatever they try', () => {
  const { kinds, counts } = runSeeds({ ...SEEDS, hasEvil: true })
  expect(kinds).toEqual({})
  expect(ATTACKS.filter((attack) => (counts[`evil ${attack}`] ?? 0) === 0)).toEqual([])
})

test('honest devices agree, whatever is lost and whoever is away', () => {
  expect(runSeeds({ ...SEEDS, hasEvil: false }).kinds).toEqual({})
})

test('a removal that was committed beside an epoch to which all had agreed waits for the next commit: honest world 230585', () => {
  expect(runSeeds({ from: 230_585, to: 230_585, hasEvil: false }).kinds).toEqual({})
})

test.each(['sim-rules', 'sim-group'])('%s says what it can be asked, and refuses what it cannot', (name) => {
  const main = join(import.meta.dirname, `../${name}/main.ts`)
  const asked = (...args: string[]) =>
    spawnSync(process.execPath, ['--conditions', 'source', main, ...args], { encoding: 'utf8' })
  expect(asked('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--seeds A-B'), stderr: '' })
  expect(asked('--no-such-thing')).toMatchObject({ status: 2, stdout: '' })
})

test('what comes of worlds 1 to 10 is the same in two pieces, in whatever order', () => {
  const [low, high] = [runSeeds({ from: 1, to: 5, hasEvil: true }), runSeeds({ from: 6, to: 10, hasEvil: true })]
  expect(merged(high, low)).toEqual(runSeeds({ from: 1, to: 10, hasEvil: true }))
})

describe('mistakes are noticed', () => {
  test.for([
    ['dropLosing', 20],
    ['deleteAtFinal', 200],
    ['localFinality', 20],
    ['arrivalOrder', 20],
    ['noPause', 60],
    ['noReconcile', 20],
  ] as const)('%s by honest devices, in worlds 1 to %i', ([plant, to]) => {
    const { failed } = runSeeds({ from: 1, to, hasEvil: false, plants: { [plant]: true } })
    expect(failed).toBeGreaterThan(0)
  })

  test.for(['juniorsRemove', 'membersRule'])('%s in the rules, in worlds 1 to 60', async (name) => {
    const plant = RULE_PLANTS.find((one) => one.name === name)
    if (plant === undefined) throw new Error('no such plant')
    const { output, status } = await runPlanted(plant, ['--seeds', '1-60', '--honest', '--json'])
    expect(status).toBe(1)
    expect(output).toMatch(/"failed":[1-9]/)
  })
})
