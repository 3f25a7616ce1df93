import type { LineSnapshot } from '@sotto/client'
import type { AccountId, ThingId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { lineText } from './line-text.ts'

const ME = 'me' as AccountId
const ANA = 'ana' as AccountId
const names = { isSelf: (account: AccountId) => account === ME, nameOf: () => 'Ana' }
const said = (line: LineSnapshot['line'], by: AccountId, more: Partial<LineSnapshot> = {}): string =>
  lineText({ line, by, id: 't' as ThingId, at: 0, ...more }, names)

test('who did what to whom is a sentence', () => {
  expect(said('created', ME, { title: 'Hikers' })).toBe('You created the group “Hikers”')
  expect(said('renamed', ANA, { title: 'Walkers' })).toBe('Ana named the group “Walkers”')
  expect(said('added', ANA, { account: ME })).toBe('Ana added you')
  expect(said('removed', ME, { account: ANA })).toBe('You removed Ana')
  expect(said('left', ANA, { account: ANA })).toBe('Ana left')
  expect(said('left', ME)).toBe('You left')
  expect(said('appointed', ME, { account: ANA })).toBe('You made Ana an admin')
  expect(said('demoted', ANA, { account: ME })).toBe('Ana made you a member again')
})
