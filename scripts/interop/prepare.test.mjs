import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ROOT } from '../bootstrap/places.mjs'
import { installOnce } from './prepare.mjs'

/** @type {string} */
let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-interop-'))
  for (const name of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])
    writeFileSync(join(folder, name), 'first')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** How often something is installed. @param {() => void} [change] what happens in between @param {Error} [failure] of the first time */
async function installations(change = () => {}, failure) {
  let count = 0
  const once = () =>
    installOnce(folder, join(folder, 'stamp'), async () => {
      count++
      if (failure !== undefined && count === 1) throw failure
    })
  if (failure === undefined) await once()
  else await expect(once()).rejects.toBe(failure)
  change()
  await once()
  return count
}

test('what is installed is not installed again', async () => {
  expect(await installations()).toBe(1)
})

test.for(['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])('a change of %s installs again', async (name) => {
  expect(await installations(() => writeFileSync(join(folder, name), 'other'))).toBe(2)
})

test('so does an installation that somebody removed, or that failed', async () => {
  expect(await installations(() => rmSync(join(folder, 'stamp')))).toBe(2)
  rmSync(join(folder, 'stamp'))
  expect(await installations(undefined, new Error('no registry'))).toBe(2)
})

test('the product does not ask for what may not be in it', () => {
  const lock = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8')
  for (const name of ['@wireapp/core-crypto', '@signalapp/libsignal-client']) expect(lock).not.toContain(name)
  expect(readFileSync(join(ROOT, 'interop/pnpm-lock.yaml'), 'utf8')).toContain('@wireapp/core-crypto')
})
