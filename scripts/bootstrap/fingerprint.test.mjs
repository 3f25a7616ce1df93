import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fingerprints } from './fingerprint.mjs'

/** @type {string} */
let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sotto-stamp-'))
  for (const file of [
    'package.json',
    'pnpm-lock.yaml',
    'patches/a.patch',
    'packages/wire/package.json',
    'packages/wire/src/a.ts',
    'apps/web/index.html',
  ]) {
    write(file, 'first')
  }
})
afterEach(() => rmSync(root, { recursive: true }))

/** @param {string} file @param {string} content */
function write(file, content) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), content)
}

test('nothing changed: the same', () => {
  expect(fingerprints(root)).toEqual(fingerprints(root))
})

test.for([
  'pnpm-lock.yaml',
  'package.json',
  'patches/a.patch',
  'packages/wire/package.json',
  'packages/new/package.json',
  'e2e/package.json',
])('%s asks for an installation and a build', (file) => {
  const before = fingerprints(root)
  write(file, 'changed')
  const after = fingerprints(root)
  expect(after.install).not.toBe(before.install)
  expect(after.build).not.toBe(before.build)
})

test.for([
  'packages/wire/src/a.ts',
  'packages/wire/src/deep/new.ts',
  'packages/wire/proto/a.proto',
  'apps/web/index.html',
  'e2e/support/a.ts',
  'tsconfig.base.json',
  'turbo.json',
  'rolldown.program.ts',
])('%s asks for a build', (file) => {
  const before = fingerprints(root)
  write(file, 'changed')
  const after = fingerprints(root)
  expect(after.install).toBe(before.install)
  expect(after.build).not.toBe(before.build)
})

test('a change that keeps the size is noticed, and so is a file that is gone', () => {
  const before = fingerprints(root)
  utimesSync(join(root, 'packages/wire/src/a.ts'), 1, 1)
  const touched = fingerprints(root)
  expect(touched.build).not.toBe(before.build)
  rmSync(join(root, 'packages/wire/src/a.ts'))
  expect(fingerprints(root).build).not.toBe(touched.build)
})

test.for([
  'packages/wire/src/a.test.ts',
  'packages/wire/README.md',
  'packages/wire/vitest.config.ts',
  'packages/wire/dist/a.js',
  'packages/wire/node_modules/x/package.json',
  'packages/wire/gen/a.js',
  'docs/a.ts',
])('%s asks for nothing', (file) => {
  const before = fingerprints(root)
  write(file, 'new')
  expect(fingerprints(root)).toEqual(before)
})
