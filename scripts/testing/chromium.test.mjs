import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findChromium } from './chromium.mjs'

/** @type {string} */
let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-chromium-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** @param {string} name @returns {string} path of a program */
function program(name) {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '#!/bin/sh\n')
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
