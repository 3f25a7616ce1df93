import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

import * as limits from './libp2p-limits.ts'

const text = readFileSync(new URL('../../../LIMITS.md', import.meta.url), 'utf8')
const [, section = ''] = text.split(/^## What libp2p does$/m)
const rows = section.split(/^## /m, 1)[0]?.matchAll(/^\| `(\w+)` \| ([\d,]+) \| (.{11,}) \|$/gm) ?? []

it('LIMITS.md names each limit of what libp2p does once, with its value and a reason', () => {
  const written = [...rows].map(([, name = '', value = '']) => [name, Number(value.replaceAll(',', ''))] as const)
  expect(Object.fromEntries(written)).toEqual({ ...limits })
  expect(written).toHaveLength(Object.keys(limits).length)
})
