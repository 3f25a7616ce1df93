import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ROOT } from '../bootstrap/places.mjs'
import { brokenReferences, documents } from './references.mjs'

const all = documents(ROOT)

test('the documents that everybody looks for are there', () => {
  expect(all).toEqual(
    expect.arrayContaining([
      'ARCHITECTURE.md',
      'CONTRIBUTING.md',
      'GLOSSARY.md',
      'LIMITS.md',
      'README.md',
      'SECURITY.md',
      'STYLE.md',
      'docs/decisions/README.md',
      'docs/operating-a-relay.md',
      'docs/threat-model.md',
      'docs/user-guide.md',
      'docs/what-a-relay-knows.md',
      'spec/README.md',
    ]),
  )
})

test.for(all)('what %s names is there', (path) => {
  expect(brokenReferences(ROOT, path)).toEqual([])
})

test('decisions are numbered without gaps, and all of them are listed', () => {
  const names = all
    .filter((path) => /^docs\/decisions\/\d/.test(path))
    .map((path) => path.slice('docs/decisions/'.length))
  expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1))
  const list = readFileSync(join(ROOT, 'docs/decisions/README.md'), 'utf8')
  expect([...list.matchAll(/\((\d[^)]+)\)/g)].map(([, name]) => name)).toEqual(names)
})

/** @type {string} */
let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sotto-docs-'))
  mkdirSync(join(root, 'docs'))
  mkdirSync(join(root, 'packages/wire'), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{ "scripts": { "start": "" } }')
  writeFileSync(join(root, 'docs/other.md'), '# Other\n\n## What it is, and why\n')
})
afterEach(() => rmSync(root, { recursive: true }))

/** @param {string} text */
function broken(text) {
  writeFileSync(join(root, 'docs/page.md'), text)
  return brokenReferences(root, 'docs/page.md')
}

test.for([
  '[other](other.md) [part](other.md#what-it-is-and-why) [up](../package.json) [site](https://example.org/x.md)',
  '# Here\n\n[here](#here) `packages/wire` `packages/*` `other.md`',
  'npm start, `npm run start`, npm install, `npm run --silent`',
  '```\n[not](a-link.md) `packages/none`\n```',
])('%s names what is there', (text) => {
  expect(broken(text)).toEqual([])
})

test.for([
  ['[gone](gone.md)', 'gone.md'],
  ['[part](other.md#gone)', 'other.md#gone'],
  ['[here](#gone)', '#gone'],
  ['`packages/none/src/index.ts`', 'packages/none/src/index.ts'],
  ['`packages/none/*`', 'packages/none/*'],
  ['`npm run gone`', 'npm run gone'],
  ['```\nnpm run gone -- x\n```', 'npm run gone'],
])('%s is found out', ([text = '', name]) => {
  expect(broken(text)).toEqual([name])
})
