import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprints } from './fingerprint.mjs'
import { withLock } from './lock.mjs'
import { NODE, ROOT, STATE } from './places.mjs'
import { pnpm } from './pnpm.mjs'

const STAMP = join(STATE, 'stamp.json')

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
      { env: { CI: 'true' } },
    )
  }
  writeStamp({ install: now.install, ...(stamp.install === now.install && stamp.build ? { build: stamp.build } : {}) })
  if (ready === 'install') return
  say('Building what changed.')
  await pnpm(['exec', 'turbo', 'run', 'build', '--output-logs=new-only'], 'The build failed: see above.')
  writeStamp(now)
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
