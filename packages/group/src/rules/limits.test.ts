import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as mls from '../limits.ts'
import * as rules from './limits.ts'

const document = readFileSync(new URL('../../../../LIMITS.md', import.meta.url), 'utf8')

function tableOf(heading: string): [string | undefined, number][] {
  const [, section = ''] = document.split(new RegExp(`^## ${heading}$`, 'm'))
  const rows = section.split(/^## /m, 1)[0]?.matchAll(/^\| `(\w+)` \| ([\d,]+) \| .{10,} \|$/gm) ?? []
  return [...rows].map(([, name, value = '']) => [name, Number(value.replaceAll(',', ''))])
}

test('LIMITS.md names each limit of the rules once, with its value and a reason', () => {
  expect(tableOf('Groups')).toEqual(Object.entries(rules))
})

test('LIMITS.md names each limit of the engine once, with its value and a reason', () => {
  const byName = (entries: [string | undefined, unknown][]) => new Map(entries)
  expect(byName(tableOf('MLS'))).toEqual(byName(Object.entries(mls)))
})
