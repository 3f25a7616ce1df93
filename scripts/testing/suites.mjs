import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../bootstrap/places.mjs'

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string[]} command a program of node_modules/.bin and its arguments, run in the root
 * @property {string} [report] where its runner writes vitest's JSON report; without it the suite counts as one test
 */

const REPORTS = 'test-results'
const BROWSER_TESTS = ['**/*.browser.test.ts', 'test/**/*.test.ts']

/** What holds without running the product. @type {Suite[]} */
const checks = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'build', command: ['node', 'scripts/bootstrap.mjs', 'build'] },
  { name: 'types of scripts', command: ['tsc', '-p', 'scripts'] },
  { name: 'lint', command: ['oxlint'] },
  { name: 'boundaries', command: ['turbo', 'boundaries'] },
  { name: 'unused', command: ['knip'] },
]

/** Everything that CI checks, in this order. @type {Suite[]} */
export const suites = [
  ...checks,
  vitest('rooms', []),
  ...(existsSync(join(ROOT, 'e2e/vitest.config.ts')) ? [vitest('e2e', ['--root', 'e2e'])] : []),
]

/** What can be checked within a minute or two: nothing that needs a browser. @type {Suite[]} */
export const quickSuites = [
  ...checks,
  vitest(
    'rooms',
    BROWSER_TESTS.flatMap((glob) => ['--exclude', glob]),
  ),
]

/** @param {string} name @param {string[]} args @returns {Suite} */
function vitest(name, args) {
  const report = `${REPORTS}/${name}.json`
  return {
    name,
    report,
    command: [
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${join(ROOT, report)}`,
      ...args,
    ],
  }
}
