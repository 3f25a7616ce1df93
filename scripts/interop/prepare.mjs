import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from '../bootstrap/lock.mjs'
import { ROOT, STATE } from '../bootstrap/places.mjs'
import { pnpm } from '../bootstrap/pnpm.mjs'

const INPUTS = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']

const FAILURE =
  'The other implementations could not be installed (see above): the package registry must be reachable once. They are needed for this command only.'

/**
 * Installs the other implementations (OpenMLS, libsignal, ts-mls as published), if that was not done since their versions last changed.
 * They are no part of the product: nothing that is built, tested by `npm test` or shipped may ask for them.
 * @returns {Promise<string>} the folder from which they resolve
 * @throws {import('../bootstrap/pnpm.mjs').PrepareError} where they cannot be installed
 */
export async function prepareInterop() {
  const folder = join(ROOT, 'interop')
  mkdirSync(STATE, { recursive: true })
  const say = (/** @type {string} */ sentence) => process.stderr.write(`${sentence}\n`)
  await withLock(
    join(STATE, 'interop.lock'),
    () =>
      installOnce(folder, join(folder, 'node_modules/.sotto-stamp'), () => {
        say('Installing the other implementations (once per change of their versions).')
        const args = ['install', '--frozen-lockfile', '--prefer-offline']
        return pnpm(args, FAILURE, { cwd: folder, env: { CI: 'true' } })
      }),
    () => say('Another command is installing the other implementations; waiting for it.'),
  )
  return folder
}

/**
 * @param {string} folder
 * @param {string} stamp a file that says what was installed; whoever removes the installation removes it too
 * @param {() => Promise<void>} install
 */
export async function installOnce(folder, stamp, install) {
  const now = digest(folder)
  if (read(stamp) === now) return
  // A failure must not be taken for an installation.
  rmSync(stamp, { force: true })
  await install()
  writeFileSync(stamp, now)
}

/** @param {string} folder */
function digest(folder) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`)
  for (const name of INPUTS) hash.update(`${name}\0`).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // not there
  }
}
