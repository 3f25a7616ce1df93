import { expect, test } from 'vitest'
import { optionsOf } from '../../interop/src/options.ts'

test('what is not said is 20 groups of 80 operations in both suites', () => {
  expect(optionsOf([])).toMatchObject({
    seeds: { from: 1, to: 20 },
    steps: 80,
    suites: [1, 2],
    engine: 'product',
    knownBad: false,
  })
})

test('an engine that is bad is so in few groups', () => {
  expect(optionsOf(['--known-bad'])).toMatchObject({ seeds: { from: 1, to: 3 }, knownBad: true })
})

test('what is said is taken', () => {
  const said = ['--seeds', '3-5', '--steps', '7', '--suite', '2', '--engine', '1.6.2', '--json']
  expect(optionsOf(said)).toMatchObject({
    seeds: { from: 3, to: 5 },
    steps: 7,
    suites: [2],
    engine: '1.6.2',
    json: true,
  })
})

test.for([
  ['--seeds', '5-3'],
  ['--seeds', '5'],
  ['--steps', 'many'],
  ['--suite', '3'],
  ['--engine', '2.0.0'],
  ['--engine', 'unpatched', '--known-bad'],
  ['--sedes', '1-2'],
  ['1-2'],
])('%j is refused by a sentence', (args) => {
  expect(optionsOf(args)).toEqual(expect.any(String))
})
