import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { BENCHMARKS } from './bench/index.ts'
import { startNode } from './peers/program.ts'
import { SCENARIOS } from './scenarios/index.ts'

/** As `npm run` starts it, from its source. */
test.each([
  ['main', 'scenario', SCENARIOS],
  ['bench', 'bench', BENCHMARKS],
] as const)('%s lists everything that can be played', async (program, of, plays) => {
  const main = fileURLToPath(new URL(`${program}.ts`, import.meta.url))
  const { code, lines } = await startNode(program, ['--conditions=source', main, 'list', '--json'], { input: '' }).exit
  expect(code).toBe(0)
  expect(lines).toEqual(Object.entries(plays).map(([name, { about }]) => ({ [of]: name, about })))
})
