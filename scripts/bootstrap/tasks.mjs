import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './places.mjs'

/**
 * @typedef {object} Task
 * @property {string} [main] what Node starts; without it the task ends when everything is built
 * @property {string[]} [args] arguments that come before the caller's
 * @property {string[]} [needs] built files it reads besides its own
 * @property {'install' | 'build'} ready how far the clone must be for it
 * @property {boolean} [fromRoot] started in the root; all others start in the caller's folder
 */

/** What each root script starts. A task is available as soon as the source of its main file exists. @type {Record<string, Task>} */
export const tasks = {
  start: { main: 'apps/relay/dist/main.js', args: ['start'], needs: ['apps/web/dist/index.html'], ready: 'build' },
  relay: { main: 'apps/relay/dist/main.js', args: ['relay'], ready: 'build' },
  sotto: { main: 'apps/cli/dist/main.js', ready: 'build' },
  harness: { main: 'apps/harness/dist/main.js', ready: 'build' },
  bench: { main: 'apps/harness/dist/bench.js', ready: 'build' },
  vectors: { main: 'packages/group/dist/vectors/main.js', ready: 'build' },
  sim: { main: 'packages/testkit/dist/sim/main.js', ready: 'build' },
  'sim:rules': { main: 'packages/group/dist/sim-rules/main.js', ready: 'build' },
  'sim:group': { main: 'packages/group/dist/sim-group/main.js', ready: 'build' },
  interop: { main: 'scripts/interop.mjs', ready: 'build' },
  test: { main: 'scripts/test.mjs', ready: 'install', fromRoot: true },
  'test:long': { main: 'scripts/test-long.mjs', ready: 'install', fromRoot: true },
  verify: { main: 'scripts/verify.mjs', ready: 'install', fromRoot: true },
  build: { ready: 'build' },
}

/** @param {Task} task */
export function isWritten({ main }) {
  return main === undefined || existsSync(join(ROOT, sourceOf(main)))
}

/** @param {string} main */
function sourceOf(main) {
  return main.includes('/dist/') ? main.replace('/dist/', '/src/').replace(/\.js$/, '.ts') : main
}
