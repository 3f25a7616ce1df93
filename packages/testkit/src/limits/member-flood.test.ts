import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { constantIn } from './constant-in.ts'

const ROOT = new URL('../../../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

test('a constant is read as the code would', () => {
  const source = 'const A = 2\nexport const B: number = 16 * 1024 ** 2\nconst C = 90 * A\nconst D = 4_096'
  expect(['A', 'B', 'C', 'D'].map((name) => constantIn(source, name))).toEqual([2, 16_777_216, 180, 4_096])
  expect(() => constantIn(source, 'E')).toThrow('There is no E.')
})

test('what a flood of a member comes to is what the code says', () => {
  const [, section = ''] = read('docs/threat-model.md').split(/^## What a flood of a member comes to$/m)
  const rows = [...(section.split(/^## /m, 1)[0]?.matchAll(/^\| (.+) \| ([\d,]+) \| `(\w+)` in `(.+)` \|$/gm) ?? [])]
  expect(rows.length).toBeGreaterThanOrEqual(9)
  const written = rows.map(([, what, value = '']) => [what, Number(value.replaceAll(',', ''))])
  const coded = rows.map(([, what, , name = '', path = '']) => [what, constantIn(read(path), name)])
  expect(written).toEqual(coded)
})
