import type { MemberSnapshot, Role } from '@sotto/client'
import type { AccountId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { isLastToManage, rightsOver } from './group-rights.ts'

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

const leaving = (one: MemberSnapshot): MemberSnapshot => ({ ...one, state: 'leaving' })
const [owner, first, , last] = MEMBERS as [MemberSnapshot, MemberSnapshot, MemberSnapshot, MemberSnapshot]

test.each([
  ['others manage, too', MEMBERS, 'owner', false],
  ['the others are members', [owner, last], 'owner', true],
  ['an admin whose owner has left', [first, last], 'first', true],
  ['who else manages is leaving', [owner, leaving(first), last], 'owner', true],
  ['nobody stays', [owner, leaving(last)], 'owner', false],
  ['a member leaves', [owner, last], 'last', false],
])('whether whoever leaves is the last to manage: %s', (_name, members, self, isLast) =>
  expect(isLastToManage(members, self)).toBe(isLast),
)

test('nothing is done to somebody who is leaving', () => {
  expect(rightsOver([...MEMBERS.slice(0, 3), leaving(last)], 'owner', 'last')).toEqual({
    appoint: false,
    demote: false,
    remove: false,
  })
})
