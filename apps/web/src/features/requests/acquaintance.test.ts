import type { AccountId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { busyWorld } from '../../dev/fixture-data.ts'
import { acquaintance } from './acquaintance.ts'

const { conversations } = busyWorld(0)
const [ana] = conversations.filter(({ title }) => title === 'Ana Ruiz')
const other = 'ee'.repeat(32) as AccountId

test('an account that one has talked with is named, whatever it is called now', () => {
  for (const name of ['Ana Ruiz', 'Somebody'])
    expect(acquaintance({ kind: 'contact', account: ana?.peer ?? other, name }, conversations)).toContain(
      'talked with it as',
    )
})

test('whoever has the name of somebody that one knows, and is not that account, is told from them', () => {
  for (const name of ['Ana Ruiz', 'ana  ruiz', 'Ana Ru\u200Biz', 'Aná Ruiz'])
    expect(acquaintance({ kind: 'contact', account: other, name }, conversations)).toContain('not the same account')
  for (const name of ['Ana', 'Ana Ruiz 2'])
    expect(acquaintance({ kind: 'contact', account: other, name }, conversations)).toBeUndefined()
})

test('whoever invites into a group is known anyway', () => {
  expect(acquaintance({ kind: 'group', account: other, name: 'Ana Ruiz' }, conversations)).toBeUndefined()
})
