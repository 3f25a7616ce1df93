import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

const ROOT = new URL('../../../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

test('each advisory names a test that is there', () => {
  const lines = read('docs/advisories.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (advisory|---) \|/.test(line))
  expect(lines.length).toBeGreaterThan(20)
  const missing = lines.filter((line) => {
    const [, path = '', name = ''] = /\| `(packages\/[\w./-]+\.test\.ts)`: "(.+)" \|$/.exec(line) ?? []
    return path === '' || !read(path).includes(name)
  })
  expect(missing).toEqual([])
})

test('no advisory of those that were looked at is left out', () => {
  const table = read('docs/advisories.md')
  const looked = [
    '46679',
    '45783',
    '33040',
    '34219',
    '31814',
    '32314',
    '35405',
    '47547',
    '24759',
    '39533',
    '40583',
    '23487',
  ]
  expect(looked.filter((number) => !table.includes(number))).toEqual([])
})
