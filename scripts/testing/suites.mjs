import { join } from 'node:path'
import { ROOT } from '../bootstrap/places.mjs'

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string[]} command a program of node_modules/.bin and its arguments
 * @property {string} [folder] where it runs, seen from the root; without it, the root
 * @property {Record<string, string>} [env] what it gets besides the environment of all
 * @property {boolean} [isBeside] it runs at the same time as the one before: neither fills the cores by itself
 * @property {string} [report] where its runner writes vitest's JSON report; without it the suite counts as one test
 */

/** What holds without running the product. @type {Suite[]} */
const checks = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'build', command: ['node', 'scripts/bootstrap.mjs', 'build'] },
  { name: 'unused', isBeside: true, command: ['knip'] },
  { name: 'types of scripts', command: ['tsc', '-p', 'scripts'] },
  { name: 'types of interop', command: ['tsc', '-p', 'interop'] },
  { name: 'types of tests', command: ['tsc', '-p', 'tsconfig.tests.json'] },
  { name: 'lint', isBeside: true, command: ['oxlint'] },
  { name: 'boundaries', isBeside: true, command: ['turbo', 'boundaries'] },
]

/** Projects of vitest whose tests run in a browser. */
const IN_PAGES = ['apps/web', 'packages/group-in-chromium']

/** Everything that CI checks, in this order. @type {Suite[]} */
export const suites = [
  ...checks,
  reported({
    name: 'rooms',
    command: ['vitest', 'run', ...['apps/harness', ...IN_PAGES].map((project) => `--project=!${project}`)],
  }),
  // One file after the other, each with a browser.
  reported({
    name: 'pages',
    isBeside: true,
    command: ['vitest', 'run', ...IN_PAGES.map((project) => `--project=${project}`)],
  }),
  reported({ name: 'harness', folder: 'apps/harness', command: ['vitest', 'run'] }),
  // Whole people: built programs and real browsers, where possible without any network but loopback.
  reported({ name: 'e2e', isBeside: true, folder: 'e2e', command: ['node', 'support/alone.mjs', 'vitest', 'run'] }),
]

/** What `npm test` leaves out for its length, and more of what it takes a sample of. @type {Suite[]} */
export const longSuites = [
  { name: 'build', command: ['node', 'scripts/bootstrap.mjs', 'build'] },
  reported({ name: 'long rooms', command: ['vitest', 'run', '--config', 'vitest.long.config.ts'] }),
  reported({
    name: 'axe',
    isBeside: true,
    command: ['vitest', 'run', '--project=apps/web', 'test/axe.test.ts'],
    env: { SOTTO_AXE: 'all' },
  }),
  reported({
    name: 'group in Chromium',
    isBeside: true,
    command: ['vitest', 'run', '--project=packages/group-in-chromium'],
    env: { SOTTO_IN_CHROMIUM: 'all' },
  }),
  reported({
    name: 'long harness',
    folder: 'apps/harness',
    command: ['vitest', 'run', '--config', 'vitest.long.config.ts'],
  }),
  reported({
    name: 'long e2e',
    isBeside: true,
    folder: 'e2e',
    command: ['node', 'support/alone.mjs', 'vitest', 'run', '--config', 'vitest.long.config.ts'],
  }),
  reported({
    name: 'kills',
    folder: 'e2e',
    command: ['node', 'support/alone.mjs', 'vitest', 'run', 'killed', 'two-tabs', 'direct'],
    env: { SOTTO_KILLS: '10', SOTTO_ROUNDS: '10', SOTTO_MESSAGES: '20' },
  }),
  reported({
    name: 'crash points',
    isBeside: true,
    folder: 'packages/client',
    command: ['vitest', 'run', 'src/crash-', 'src/groups/soak.test.ts', 'src/groups/parted.test.ts'],
    env: { CRASH_POINTS: '20', CRASH_SEED: '2', SOTTO_SOAK_SEEDS: '1-20', SOTTO_PARTED_SEEDS: '1-20' },
  }),
  reported({
    name: 'insiders',
    folder: 'packages/group',
    command: ['vitest', 'run', 'insider-fuzz'],
    env: { INSIDER_FACTOR: '1' },
  }),
  reported({
    name: 'store in Chromium',
    isBeside: true,
    folder: 'packages/testkit',
    command: ['vitest', 'run', 'store-conformance.browser'],
    env: { SOTTO_STORE_SEEDS: '2,3,4' },
  }),
  // What is promised in seconds is measured when nothing else runs.
  reported({
    name: 'seconds',
    folder: 'e2e',
    command: ['node', 'support/alone.mjs', 'vitest', 'run', '--config', 'vitest.figures.config.ts', 'first-words'],
  }),
]

/** What can be checked within a minute or two: nothing that needs a browser or many processes. @type {Suite[]} */
export const quickSuites = [
  ...checks,
  reported({
    name: 'rooms',
    command: [
      'vitest',
      'run',
      ...['apps/harness', ...IN_PAGES].map((project) => `--project=!${project}`),
      '--exclude=**/*.browser.test.ts',
    ],
  }),
]

/** @param {Suite} suite run by vitest @returns {Suite} */
function reported({ name, command, ...suite }) {
  const report = `test-results/${name}.json`
  const options = ['--reporter=default', '--reporter=json', `--outputFile.json=${join(ROOT, report)}`]
  return { ...suite, name, report, command: [...command, ...options] }
}
