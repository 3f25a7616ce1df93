import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

import * as limits from './limits.ts'

const [, section = ''] = readFileSync(new URL('../../../../LIMITS.md', import.meta.url), 'utf8').split(/^## Gossip$/m)
const rows = section.split(/^## /m, 1)[0]?.matchAll(/^\| `(\w+)` \| ([\d,]+) \| (.{11,}) \|$/gm) ?? []

it('LIMITS.md names each limit of a topic once, with its value and a reason', () => {
  const written = [...rows].map(([, name = '', value = '']): [string, number] => [
    name,
    Number(value.replaceAll(',', '')),
  ])
  expect(Object.fromEntries(written)).toEqual({ ...limits })
  expect(written).toHaveLength(Object.keys(limits).length)
})
