import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as limits from './limits.ts'

const document = readFileSync(new URL('../../../../LIMITS.md', import.meta.url), 'utf8')
const [, section = ''] = document.split(/^## Groups$/m)
const rows = section.split(/^## /m, 1)[0]?.matchAll(/^\| `(\w+)` \| ([\d,]+) \| .{10,} \|$/gm) ?? []

test('LIMITS.md names each limit of the rules once, with its value and a reason', () => {
  const written = [...rows].map(([, name, value = '']) => [name, Number(value.replaceAll(',', ''))])
  expect(written).toEqual(Object.entries(limits))
})
