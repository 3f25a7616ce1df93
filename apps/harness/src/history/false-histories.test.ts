import { describe, expect, test } from 'vitest'
import type { Line } from '../peers/lines.ts'
import { check } from './check.ts'
import { expectCaught } from './expect-caught.ts'
import { goodDevicesHistory, goodGroupHistory, goodHistory } from './good-history.ts'
import {
  add,
  after,
  all,
  both,
  changed,
  drop,
  dropLast,
  edit,
  isAnswer,
  isAsk,
  isState,
  retitled,
  roster,
  toldAs,
  without,
} from './plants.ts'
import type { Plant } from './plants.ts'
import { Script } from './script.ts'

// What a checker that looks at the end only, or at what people agree on only, takes for good.

const PEOPLE = ['Alice', 'Bob', 'Carol'] as const
const CAROL: Line = { account: 'carol', name: 'Carol', role: 'member' }

test('where nothing has happened, nothing holds', () => {
  const { holds, violations } = check([])
  expect(holds).toBe(false)
  expect(violations.map(({ rule }) => rule)).toEqual(['lost', 'twice', 'order', 'ticks', 'rosters'])
})

test.each([
  [
    'a message that was listed, is not listed once, and is there in the end',
    'lost',
    edit('Bob', 1, without('a1')),
    /^Bob had "text a1", and has not got it any more$/,
  ],
  [
    'a message that was told, and is not on the disk of who was killed after it',
    'lost',
    edit('Bob', 0, without('a1')),
    /^Bob had "text a1", and/,
  ],
  [
    'an own message that was kept, and is not there for a while',
    'lost',
    edit('Bob', 1, without('b1')),
    /^Bob had "text b1", and/,
  ],
  [
    'a message that left before it was kept: never answered, with the other, and not with its author',
    'lost',
    all(drop(isAnswer('Alice', 'a2')), drop(isState('a2', 'sent')), edit('Alice', -1, without('a2'))),
    /^Alice has lost its own "text a2"$/,
  ],
  [
    'a message told in other words, and listed in the right ones',
    'lost',
    toldAs('Bob', 'a3', { text: 'another' }),
    /^Bob was shown "another" in place of "text a3" of Alice$/,
  ],
  [
    'a message told in the name of somebody else',
    'lost',
    toldAs('Bob', 'a3', { author: 'bob' }),
    /^Bob was shown "text a3" in place of/,
  ],
  [
    'a message told in another conversation',
    'lost',
    toldAs('Bob', 'a3', { conversation: 'another' }),
    /^Bob was shown "text a3" in another conversation/,
  ],
  [
    'a message that was told, and that nobody said',
    'lost',
    add({
      who: 'Bob',
      type: 'told',
      line: { type: 'message', conversation: 'pair', id: 'x', author: 'alice', text: 'x' },
    }),
    /^Bob was shown "x", which nobody has said$/,
  ],
  [
    'a message told twice, under two ids',
    'twice',
    add({
      who: 'Bob',
      type: 'told',
      line: { type: 'message', conversation: 'pair', id: 'x', author: 'alice', text: 'text a3' },
    }),
    /^"text a3" was said once, and Bob was told of two$/,
  ],
  [
    'delivered while the other was away, who got it later',
    'ticks',
    after(isState('a2', 'sent'), {
      who: 'Alice',
      type: 'told',
      line: { type: 'state', message: 'a2', state: 'delivered' },
    }),
    /^"text a2" of Alice was told to be delivered while Bob was not there$/,
  ],
  [
    'read, by somebody who read before it was said',
    'ticks',
    add({ who: 'Alice', type: 'told', line: { type: 'state', message: 'a3', state: 'read' } }),
    /^"text a3" of Alice was told to be read before all who must had read it$/,
  ],
  [
    'read in the list of somebody who has not read since',
    'ticks',
    edit('Bob', -1, changed('a3', { state: 'read' })),
    /^"text a3" is read at Bob, and nobody there has read it$/,
  ],
  [
    'new in the list of somebody who has read it',
    'ticks',
    edit('Bob', -1, changed('a1', { state: 'received' })),
    /^"text a1" was read at Bob, and is new again$/,
  ],
  [
    'a tick that never comes',
    'ticks',
    both(drop(isState('a3', 'delivered')), edit('Alice', -1, changed('a3', { state: 'sent' }))),
    /^"text a3" of Alice is sent in the end, and all who must have it are there$/,
  ],
  [
    'a third one in a pair, whom both see',
    'rosters',
    both(
      roster('Alice', (members) => [...members, CAROL]),
      roster('Bob', (members) => [...members, CAROL]),
    ),
    /in a pair$/,
  ],
] as const)('%s is caught', (_name, rule, plant, sentence) => expectCaught(goodHistory(), { rule, plant, sentence }))

test.each([
  [
    'somebody inside who was put out, and sees itself there, too',
    everywhere((members) => [...members, { account: 'bob', name: 'Bob', role: 'member' }]),
    /^Alice sees Bob inside, who was put out or went$/,
  ],
  [
    'somebody outside who came in, and sees itself outside, too',
    everywhere((members) => members.filter(({ account }) => account !== 'carol')),
    /^Alice sees Carol outside, who came in$/,
  ],
  [
    'the role from before',
    everywhere((members) => members.map((each) => (each['account'] === 'carol' ? { ...each, role: 'member' } : each))),
    /^Alice sees Carol as member, who was made admin$/,
  ],
  ['another title', all(...PEOPLE.map((who) => retitled(who, 'another'))), /"another", which was named "title"$/],
  [
    'who is in as it was before the last change',
    all(...PEOPLE.map((who) => dropLast(isAsk(who, 'conversations')))),
    /^Alice made no list of members at the end$/,
  ],
] as const)('a group in which all see %s is caught', (_name, plant, sentence) =>
  expectCaught(goodGroupHistory(), { rule: 'rosters', plant, sentence }),
)

test.each([
  ['all others have read', ['Bob', 'Carol'], []],
  [
    'one of the others has not read',
    ['Bob'],
    ['"text a1" of Alice was told to be read before all who must had read it'],
  ],
] as const)('read, in a group, when %s', (_name, readers, sentences) => {
  const on = new Script('group')
  on.setUp(...PEOPLE)
  for (const who of PEOPLE) on.roster(who, 'Alice owner', 'Bob', 'Carol')
  on.say('a1')
  for (const who of ['Bob', 'Carol']) on.hear(who, 'a1')
  on.state('a1', 'delivered')
  for (const who of readers) on.do(who, 'read')
  on.state('a1', 'read')
  on.list('Alice', 'a1 read')
  for (const who of ['Bob', 'Carol'])
    on.list(who, (readers as readonly string[]).includes(who) ? 'a1 read' : 'a1 received')
  for (const who of PEOPLE) on.roster(who, 'Alice owner', 'Bob', 'Carol')
  expect(check(on.entries).violations.map(({ sentence }) => sentence)).toEqual(sentences)
})

test('what counts as read because another device of the same person, which never had it, has read what came later is caught', () =>
  expectCaught(goodDevicesHistory(), {
    rule: 'ticks',
    plant: drop(isAsk('Alice', 'read')),
    sentence: /^"text b1" is read at Alice, and nobody there has read it$/,
  }))

test('a hole in what somebody has who was owed nothing yet is caught', () => {
  const on = new Script('group')
  on.setUp(...PEOPLE)
  // Alice has not heard of Carol yet, so she owes her nothing; what comes before and after it shows that it was for her all the same.
  on.roster('Alice', 'Alice owner', 'Bob')
  for (const id of ['a1', 'a2', 'a3']) {
    on.say(id)
    for (const who of id === 'a2' ? ['Bob'] : ['Bob', 'Carol']) on.hear(who, id)
    on.state(id, 'delivered')
  }
  on.list('Alice', 'a1 delivered', 'a2 delivered', 'a3 delivered')
  on.list('Bob', 'a1 received', 'a2 received', 'a3 received')
  on.list('Carol', 'a1 received', 'a3 received')
  for (const who of PEOPLE) on.roster(who, 'Alice owner', 'Bob', 'Carol')
  expect(check(on.entries).violations.map(({ sentence }) => sentence)).toEqual([
    'Carol has what Alice said before and after "text a2", and not that',
  ])
})

test('what one device has read and another one of the same person lists as new again is caught', () =>
  expectCaught(goodDevicesHistory(), {
    rule: 'ticks',
    plant: edit('Alice', -1, changed('b2', { state: 'received' })),
    sentence: /^"text b2" was read at Alice, and is new again$/,
  }))

describe('a message that is delivered and not listed yet', () => {
  /** Bob's second message, when neither of Alice's devices lists it; what Alice lists then. */
  function lacking(...listed: readonly string[]): readonly string[] {
    const on = new Script('pair')
    on.setUp('Alice', 'Bob')
    on.link('Phone', 'Alice')
    on.say('b1')
    for (const who of ['Alice', 'Phone']) on.hear(who, 'b1')
    on.state('b1', 'delivered')
    on.say('p1')
    on.hear('Bob', 'p1')
    on.state('p1', 'delivered')
    on.say('b2')
    on.state('b2', 'delivered')
    on.list('Alice', ...listed)
    on.list('Phone', 'b1 received', 'p1 delivered')
    on.hear('Alice', 'p1', 'b2')
    on.hear('Phone', 'b2')
    on.list('Alice', 'b1 received', 'p1 sent', 'b2 received')
    on.list('Bob', 'b1 delivered', 'p1 received', 'b2 delivered')
    on.list('Phone', 'b1 received', 'p1 delivered', 'b2 received')
    for (const who of ['Alice', 'Bob', 'Phone']) on.roster(who, 'Alice', 'Bob')
    return check(on.entries).violations.map(({ sentence }) => sentence)
  }

  test('may wait for what a further device of the same person has said', () => {
    expect(lacking('b1 received')).toEqual([])
  })

  test('waits for nothing when all before it is there', () => {
    expect(lacking('b1 received', 'p1 sent')).toEqual([
      '"text b2" of Bob was told to be delivered, and Alice, Phone had not got it',
    ])
  })
})

function everywhere(change: (members: readonly Line[]) => readonly Line[]): Plant {
  return all(...PEOPLE.map((who) => roster(who, change)))
}
