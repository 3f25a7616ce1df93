import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ended } from './child.mjs'
import { withLock } from './lock.mjs'

const HOLDER = fileURLToPath(new URL('fixtures/hold-lock.mjs', import.meta.url))

/** @type {string} */
let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** @param {string[]} mode */
function hold(...mode) {
  const paths = ['lock', 'inside', 'log'].map((name) => join(folder, name))
  return ended(spawn(process.execPath, [HOLDER, ...paths, ...mode], { stdio: 'inherit' }))
}

function log() {
  return readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')
}

test('eight processes at once come in one after the other', async () => {
  expect(await Promise.all(Array.from({ length: 8 }, () => hold()))).toEqual(Array(8).fill(0))
  expect(log()).toEqual(Array(8).fill('alone'))
  expect(existsSync(join(folder, 'lock'))).toBe(false)
})

test('the lock of a killed process is taken over, by one of eight at a time', async () => {
  expect(await hold('die')).toBe(128 + 9)
  expect(existsSync(join(folder, 'lock'))).toBe(true)
  expect(await Promise.all(Array.from({ length: 8 }, () => hold()))).toEqual(Array(8).fill(0))
  expect(log()).toEqual(Array(8).fill('alone'))
})

test('a process id that is used again does not keep a lock', async () => {
  writeFileSync(join(folder, 'lock'), `${process.pid} 1`) // this process lives, but it began at another time
  expect(await hold()).toBe(0)
})

test('whoever waits is told so, once, and the lock is free again after a failure', async () => {
  const lock = join(folder, 'lock')
  let told = 0
  /** @type {(value?: unknown) => void} */
  let letGo = () => {}
  const first = withLock(lock, () => new Promise((resolve) => (letGo = resolve)), expect.unreachable)
  const second = withLock(
    lock,
    () => Promise.reject(new Error('broken')),
    () => {
      told++
      letGo()
    },
  )
  await first
  await expect(second).rejects.toThrow('broken')
  expect(told).toBe(1)
  expect(existsSync(lock)).toBe(false)
})
