import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { runSuites } from './run.mjs'

/** @type {string} */
let said = ''
vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
  said += text
  return true
})
afterEach(() => {
  said = ''
})

const good = { name: 'good', command: ['node', '-e', '0'] }
const bad = { name: 'bad', command: ['node', '-e', 'process.exit(3)'] }

test('all well: the sum is the last line, and the status 0', async () => {
  expect(await runSuites([good, good])).toBe(0)
  expect(said.trim().split('\n').at(-1)).toBe('2 passed, 0 failed, 0 skipped')
})

test('a failure does not keep the others from running, and is named with its time', async () => {
  expect(await runSuites([bad, good])).toBe(1)
  expect(said).toMatch(/^FAIL bad +\d+\.\d s/m)
  expect(said).toMatch(/^ok {3}good +\d+\.\d s/m)
  expect(said.trim().split('\n').at(-1)).toBe('1 passed, 1 failed, 0 skipped')
})

test('a suite whose runner is missing or writes no report has failed', async () => {
  expect(await runSuites([{ ...good, report: 'test-results/none.json' }])).toBe(1)
  expect(await runSuites([{ name: 'gone', command: ['no-such-program'] }])).toBe(1)
})

test('a suite runs in its folder, with the given environment and our Node', async () => {
  const look = `process.exit(process.env.GIVEN === 'yes' && process.cwd().endsWith('scripts') && process.versions.node.startsWith('24.') ? 0 : 1)`
  const suite = { name: 'look', folder: 'scripts', command: ['node', '-e', look] }
  expect(await runSuites([suite], { GIVEN: 'yes' })).toBe(0)
  expect(await runSuites([{ ...suite, env: { GIVEN: 'yes' } }], { GIVEN: 'no' })).toBe(0)
  expect(await runSuites([suite, { ...suite, env: { GIVEN: 'no' } }], { GIVEN: 'yes' })).toBe(1)
})

test('a suite beside another one runs at the same time, and is heard after it', async () => {
  // Each ends only if the other one is there.
  const folder = mkdtempSync(join(tmpdir(), 'sotto-suites-'))
  const meet = (/** @type {string} */ own, /** @type {string} */ other) => [
    'node',
    '-e',
    `const fs = require('node:fs'); fs.writeFileSync('${folder}/${own}', ''); console.log('${own} is here');
     const look = () => fs.existsSync('${folder}/${other}') || setTimeout(look, 5); look()`,
  ]
  const pair = [
    { name: 'left', command: meet('left', 'right') },
    { name: 'right', command: meet('right', 'left'), isBeside: true },
  ]
  expect(await runSuites([...pair, bad])).toBe(1)
  rmSync(folder, { recursive: true })
  expect(said.indexOf('=== right')).toBeLessThan(said.indexOf('right is here'))
  expect(said.indexOf('right is here')).toBeLessThan(said.indexOf('=== bad'))
  expect(said.trim().split('\n').at(-1)).toBe('2 passed, 1 failed, 0 skipped')
})
