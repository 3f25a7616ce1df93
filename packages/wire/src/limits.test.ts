import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

import * as limits from './limits.ts'

const [, section = ''] = readFileSync(new URL('../../../LIMITS.md', import.meta.url), 'utf8').split(/^## On the wire$/m)
const rows = section.split(/^## /m, 1)[0]?.matchAll(/^\| `(\w+)` \| ([\d,]+) \| (.+) \|$/gm) ?? []

it('LIMITS.md names each limit once, with its value and a reason', () => {
  const written = [...rows].map(([, name, value = '', why = '']) => {
    expect(why.length).toBeGreaterThan(10)
    return [name, Number(value.replaceAll(',', ''))]
  })
  expect(written).toEqual(expect.arrayContaining(Object.entries(limits)))
  expect(written).toHaveLength(Object.keys(limits).length)
})
