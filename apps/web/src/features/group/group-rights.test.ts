import type { MemberSnapshot, Role } from '@sotto/client'
import type { AccountId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { rightsOver } from './group-rights.ts'

const member = (account: string, role: Role): MemberSnapshot => ({ account: account as AccountId, name: account, role })
const MEMBERS = [
  member('owner', 'owner'),
  member('first', 'admin'),
  member('second', 'admin'),
  member('last', 'member'),
]

const shown = (self: string, account: string): string =>
  Object.entries(rightsOver(MEMBERS, self, account))
    .flatMap(([name, has]) => (has ? [name] : []))
    .join(' ')

test.each([
  ['owner', 'first', 'demote remove'],
  ['owner', 'last', 'appoint remove'],
  ['first', 'second', 'demote remove'],
  ['second', 'first', ''],
  ['second', 'owner', ''],
  ['second', 'last', 'appoint remove'],
  ['last', 'second', ''],
  ['last', 'last', ''],
  ['owner', 'owner', ''],
  ['stranger', 'last', ''],
  ['owner', 'stranger', ''],
])('%s may do to %s: %s', (self, account, rights) => expect(shown(self, account)).toBe(rights))

test('nothing is done to somebody who is leaving', () => {
  const leaving = [...MEMBERS.slice(0, 3), { ...member('last', 'member'), state: 'leaving' as const }]
  expect(rightsOver(leaving, 'owner', 'last')).toEqual({ appoint: false, demote: false, remove: false })
})
