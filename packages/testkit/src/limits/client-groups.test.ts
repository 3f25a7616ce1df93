import { globSync, readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { constantIn } from './constant-in.ts'

const ROOT = new URL('../../../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

const [, section = ''] = read('LIMITS.md').split(/^## Groups in the client$/m)
const rows = [
  ...(section.split(/^## /m, 1)[0]?.matchAll(/^\| `(\w+)` \| ([\d,]+) \| .{10,} \| `(.+)` \|$/gm) ?? []),
].map(([, name = '', value = '', path = '']) => ({ name, path, value: Number(value.replaceAll(',', '')) }))

/** Files in which each number that has a name of its own is a limit. */
const FILES = [
  'packages/client/src/groups/*.ts',
  'packages/client/src/backfill/*.ts',
  'packages/client/src/direct/gossip.ts',
  'packages/client/src/intents/groups.ts',
]
/** What a unit comes to is no limit. */
const UNITS = /^(?:DAY|HOUR|MINUTE|SECOND)_M?S$/

test('LIMITS.md has the value of each limit that it names', () => {
  const coded = rows.map(({ name, path }) => ({ name, path, value: constantIn(read(path), name) }))
  expect(rows).toEqual(coded)
})

test('LIMITS.md names each limit of groups in the client', () => {
  const files = globSync(FILES, { cwd: ROOT }).filter((path) => !path.endsWith('.test.ts'))
  const named = files.flatMap((path) =>
    [...read(path).matchAll(/\bconst ([A-Z][A-Z\d_]*)(?:: number)? = [\d_]+/g)].map(([, name = '']) => ({
      name,
      path,
    })),
  )
  const limits = named.filter(({ name }) => !UNITS.test(name))
  expect(limits.length).toBeGreaterThanOrEqual(11)
  expect(rows.map(({ name, path }) => ({ name, path }))).toEqual(expect.arrayContaining(limits))
})
