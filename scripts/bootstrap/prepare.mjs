import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ended, withoutNpm } from './child.mjs'
import { fingerprints } from './fingerprint.mjs'
import { withLock } from './lock.mjs'
import { NODE, PNPM, ROOT, STATE } from './places.mjs'

const STAMP = join(STATE, 'stamp.json')

/** What was to be prepared is not, and why is on standard error. */
export class PrepareError extends Error {
  /** @param {string} message @param {number} status what to exit with */
  constructor(message, status) {
    super(message)
    this.status = status
  }
}

/**
 * Installs and builds what changed since the last time; costs almost nothing when nothing did.
 * @param {import('./tasks.mjs').Task} task
 */
export async function prepare(task) {
  if (isReady(task)) return
  mkdirSync(STATE, { recursive: true })
  await withLock(
    join(STATE, 'lock'),
    async () => {
      if (!isReady(task)) await work(task)
    },
    () => say('Another command is preparing this folder; waiting for it.'),
  )
}

/** @param {import('./tasks.mjs').Task} task */
function isReady({ main, needs = [], ready }) {
  const stamp = readStamp()
  const now = fingerprints(ROOT)
  if (stamp.install !== now.install || !existsSync(NODE)) return false
  return (
    ready === 'install' ||
    (stamp.build === now.build && [main, ...needs].every((file) => !file || existsSync(join(ROOT, file))))
  )
}

/** @param {import('./tasks.mjs').Task} task */
async function work({ ready }) {
  // Taken before, so that a file changed meanwhile is noticed the next time; removed, so that a failure is not taken for ready.
  const now = fingerprints(ROOT)
  const stamp = readStamp()
  rmSync(STAMP, { force: true })
  if (stamp.install !== now.install || !existsSync(NODE)) {
    say('Installing the dependencies (once per change of theirs).')
    // CI: pnpm must not ask anything.
    await pnpm(
      ['install', '--frozen-lockfile', '--prefer-offline'],
      'The dependencies could not be installed: see above.',
      { CI: 'true' },
    )
  }
  writeStamp({ install: now.install, ...(stamp.install === now.install && stamp.build ? { build: stamp.build } : {}) })
  if (ready === 'install') return
  say('Building what changed.')
  await pnpm(['exec', 'turbo', 'run', 'build', '--output-logs=new-only'], 'The build failed: see above.')
  writeStamp(now)
}

/** @param {string[]} args @param {string} failure @param {Record<string, string>} [extra] */
async function pnpm(args, failure, extra = {}) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...withoutNpm(process.env), TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', ...extra }
  // With it, pnpm leaves the development dependencies out.
  delete env['NODE_ENV']
  const child = spawn('npx', ['--yes', PNPM, ...args], {
    cwd: ROOT,
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

/** @returns {{ install?: string, build?: string }} */
function readStamp() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'))
  } catch {
    return {} // none yet, or cut off by a crash: then everything is done again
  }
}

/** @param {{ install?: string, build?: string }} stamp */
function writeStamp(stamp) {
  writeFileSync(STAMP, JSON.stringify(stamp))
}

/** @param {string} sentence */
function say(sentence) {
  process.stderr.write(`${sentence}\n`)
}
