import { spawnSync } from 'node:child_process'
import { accessSync, constants, globSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** What to type when there is no browser. */
export const NO_CHROMIUM =
  'No Chromium found for the tests: install one, for example with `sudo apt-get install -y chromium`, or set CHROMIUM_PATH to the program of yours.'

/**
 * The browser that the tests drive: the one named by CHROMIUM_PATH, one of the system, one of Playwright's cache; as root on Debian,
 * its package is installed.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {boolean} [isRoot]
 * @returns {string | undefined}
 */
export function findChromium(env = process.env, isRoot = process.getuid?.() === 0) {
  const named = env['CHROMIUM_PATH']
  if (named) return isProgram(named) ? named : undefined
  return ofSystem(env) ?? ofPlaywright(env) ?? (isRoot && install(env) ? ofSystem(env) : undefined)
}

/** @param {NodeJS.ProcessEnv} env */
function ofSystem(env) {
  const folders = (env['PATH'] ?? '').split(delimiter)
  return [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...APPLICATIONS].find(isProgram)
}

/** @param {NodeJS.ProcessEnv} env */
function ofPlaywright(env) {
  const caches = [join(homedir(), '.cache/ms-playwright'), join(homedir(), 'Library/Caches/ms-playwright')]
  const cache = env['PLAYWRIGHT_BROWSERS_PATH']
  const found = (cache ? [cache] : caches).flatMap((folder) =>
    globSync('chromium-*/{chrome-linux*/chrome,chrome-mac*/*.app/Contents/MacOS/*}', { cwd: folder }).map((path) =>
      join(folder, path),
    ),
  )
  return found.toSorted().findLast(isProgram)
}

/** @param {NodeJS.ProcessEnv} env */
function install(env) {
  const apt = (/** @type {string[]} */ ...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  if (spawnSync('apt-get', ['--version'], { env }).status !== 0) return false
  process.stdout.write('Installing Chromium for the tests.\n')
  // One source of packages that does not answer fails the update, and may not matter.
  apt('update', '-q')
  return apt('install', '-y', '-q', '--no-install-recommends', 'chromium').status === 0
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
