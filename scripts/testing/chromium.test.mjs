import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findChromium } from './chromium.mjs'

/** @type {string} */
let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-chromium-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** @param {string} name @param {string} [script] @returns {string} path of a program */
function program(name, script = '') {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

test('the named one comes first', () => {
  program('bin/chromium')
  const named = program('mine')
  expect(findChromium({ CHROMIUM_PATH: named, PATH: join(folder, 'bin') })).toBe(named)
})

test('a name that leads nowhere is an error, never another browser', () => {
  program('bin/chromium')
  expect(findChromium({ CHROMIUM_PATH: join(folder, 'gone'), PATH: join(folder, 'bin') })).toBeUndefined()
})

test.for(['chromium', 'google-chrome'])("%s of the system comes before Playwright's", (name) => {
  program('cache/chromium-1200/chrome-linux/chrome')
  const found = program(`bin/${name}`)
  expect(findChromium({ PATH: join(folder, 'bin'), PLAYWRIGHT_BROWSERS_PATH: join(folder, 'cache') })).toBe(found)
})

test("then Playwright's newest", () => {
  program('cache/chromium-1200/chrome-linux/chrome')
  const newest = program('cache/chromium-1201/chrome-linux64/chrome')
  expect(findChromium({ PATH: join(folder, 'bin'), PLAYWRIGHT_BROWSERS_PATH: join(folder, 'cache') })).toBe(newest)
})

describe('with none of these', () => {
  const bin = () => ({ PATH: join(folder, 'bin'), PLAYWRIGHT_BROWSERS_PATH: join(folder, 'none') })
  // Debian's installer as far as it matters here: it fails to update, and puts the program where programs are.
  const installer = (/** @type {string} */ name) =>
    program(
      'bin/apt-get',
      `case $1 in --version) exit 0;; install) echo '#!/bin/sh' > ${folder}/bin/${name}; /bin/chmod 755 ${folder}/bin/${name};; *) exit 100;; esac`,
    )

  test('root gets the package of the system', () => {
    installer('chromium')
    expect(findChromium(bin(), true)).toBe(join(folder, 'bin/chromium'))
  })

  test('an installation that brings no browser, or none that can be made, is an answer too', () => {
    expect(findChromium(bin(), true)).toBeUndefined()
    installer('something-else')
    expect(findChromium(bin(), true)).toBeUndefined()
  })

  test('nobody else changes the system', () => {
    installer('chromium')
    expect(findChromium(bin(), false)).toBeUndefined()
    expect(existsSync(join(folder, 'bin/chromium'))).toBe(false)
  })
})
