import { expect, test } from 'vitest'
import { perform } from './perform.ts'
import { NotHeld, type Scenario } from './scenarios/scenario.ts'

const PLAYS: Readonly<Record<string, Scenario>> = {
  walk: { about: 'a walk', play: (stage) => Promise.resolve({ steps: stage.random.integer(1_000) }) },
  climb: { about: 'a climb', sizes: [3, 4], play: (_stage, sizes) => Promise.resolve({ sizes: String(sizes) }) },
  fall: { about: 'a fall', play: () => Promise.reject(new NotHeld('the ground was there', { metres: 2 })) },
}

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const programme = { program: 'harness', about: 'Plays.', of: 'scenario', plays: PLAYS } as const
  const code = await perform(programme, words, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}

const lastOf = (out: string): object => JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as object

test('what is played ends with its figures, the same for the same seed', async () => {
  const first = await run('walk', '--seed', '7', '--json')
  const { steps } = lastOf(first.out) as { steps: number }
  expect(first).toMatchObject({ code: 0, err: '' })
  expect(lastOf(first.out)).toMatchObject({ scenario: 'walk', ok: true, seed: '7', steps: expect.any(Number) })
  expect(lastOf((await run('walk', '--seed', '7')).out)).toMatchObject({ steps })
})

test('what did not hold is said with its figures, and is an exit status', async () => {
  const { code, out, err } = await run('fall')
  expect(code).toBe(1)
  expect(lastOf(out)).toMatchObject({ scenario: 'fall', ok: false, metres: 2 })
  expect(err).toContain('the ground was there')
})

test('sizes are those asked for, or its own', async () => {
  expect(lastOf((await run('climb')).out)).toMatchObject({ sizes: '3,4' })
  expect(lastOf((await run('climb', '--sizes', '5')).out)).toMatchObject({ sizes: '5' })
})

test.each([
  [['nothing'], 'there is no nothing'],
  [['list', '--frobnicate'], '--frobnicate'],
  [['walk', 'climb'], 'too many arguments'],
  [[], 'name'],
  [['walk', '--sizes', '3'], 'walk has no sizes'],
  [['climb', '--sizes', '3,x'], '--sizes'],
])('%j is wrong usage, and what is wrong is named', async (words, named) => {
  const { code, out, err } = await run(...words)
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(named)
})

test('to ask for help is no mistake', async () => {
  const { code, out, err } = await run('--help')
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('walk, climb, fall')
})
