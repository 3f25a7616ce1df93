import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { BENCHMARKS } from './bench/index.ts'
import { startNode, type Exit } from './peers/program.ts'
import { SCENARIOS } from './scenarios/index.ts'

/** Runs one of the two programs as `npm run` does, from its source. */
function run(name: 'main' | 'bench', ...words: string[]): Promise<Exit> {
  const main = fileURLToPath(new URL(`${name}.ts`, import.meta.url))
  return startNode(name, ['--conditions=source', main, ...words], { input: '' }).exit
}

describe.each([
  ['main', 'scenario', SCENARIOS],
  ['bench', 'bench', BENCHMARKS],
] as const)('%s', (program, of, plays) => {
  test('list names everything that can be played', async () => {
    const { code, lines } = await run(program, 'list', '--json')
    expect(code).toBe(0)
    expect(lines).toEqual(Object.entries(plays).map(([name, { about }]) => ({ [of]: name, about })))
  })

  test('what there is not, or a wrong flag, is wrong usage and named', async () => {
    const unknown = await run(program, 'nothing')
    expect([unknown.code, unknown.out]).toEqual([2, ''])
    expect(unknown.err).toContain('there is no nothing')
    const flag = await run(program, 'list', '--frobnicate')
    expect([flag.code, flag.out]).toEqual([2, ''])
    expect(flag.err).toContain('--frobnicate')
  })
})

test('sizes are refused where nothing has a size, and when they are none', async () => {
  const without = await run('bench', 'latency', '--sizes', '3')
  expect([without.code, without.out]).toEqual([2, ''])
  expect(without.err).toContain('latency has no sizes')
  const wrong = await run('bench', 'group', '--sizes', '3,x')
  expect([wrong.code, wrong.out]).toEqual([2, ''])
  expect(wrong.err).toContain('--sizes')
})
