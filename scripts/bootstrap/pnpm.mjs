import { spawn } from 'node:child_process'
import { ended, withoutNpm } from './child.mjs'
import { PNPM, ROOT } from './places.mjs'

/** What was to be prepared is not, and why is on standard error. */
export class PrepareError extends Error {
  /** @param {string} message @param {number} status what to exit with */
  constructor(message, status) {
    super(message)
    this.status = status
  }
}

/**
 * Runs the pinned pnpm; all that it says goes to standard error.
 * @param {string[]} args
 * @param {string} failure the sentence of the error when it does not succeed
 * @param {{ cwd?: string, env?: Record<string, string> }} [options] the root and no more than our environment, if not said otherwise
 */
export async function pnpm(args, failure, { cwd = ROOT, env: extra = {} } = {}) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...withoutNpm(process.env), TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', ...extra }
  // With it, pnpm leaves the development dependencies out.
  delete env['NODE_ENV']
  const child = spawn('npx', ['--yes', PNPM, ...args], {
    cwd,
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal)
    stopped = signal
  }
  /** @type {NodeJS.Signals | undefined} */
  let stopped
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const status = await ended(child).finally(() => process.off('SIGINT', stop).off('SIGTERM', stop))
  if (stopped !== undefined) throw new PrepareError('Stopped.', stopped === 'SIGINT' ? 130 : 143)
  if (status !== 0) throw new PrepareError(failure, 1)
}
