import { expect, test } from 'vitest'
import { check } from './check.ts'
import { expectCaught } from './expect-caught.ts'
import { RULES } from './findings.ts'
import { goodDevicesHistory, goodGroupHistory, goodHistory } from './good-history.ts'
import {
  add,
  both,
  changed,
  drop,
  edit,
  exchange,
  isAnswer,
  isAsk,
  isTold,
  refuse,
  repeat,
  roster,
  swap,
  without,
} from './plants.ts'
import { rowOf, Script } from './script.ts'

test.each([
  ['of two', goodHistory, 0],
  ['of a group', goodGroupHistory, 0],
  ['of somebody with two devices', goodDevicesHistory, 2],
])('a good history %s holds, and every rule has looked at it', (_name, history, devices) => {
  const { holds, violations, looks } = check(history())
  expect(violations).toEqual([])
  expect(holds).toBe(true)
  expect(RULES.filter((rule) => rule !== 'devices' && looks[rule] < 4)).toEqual([])
  expect(looks.devices).toBe(devices)
})

test('a device that is revoked has nothing more to come, and may refuse to take more', () => {
  const on = new Script('pair')
  on.setUp('Alice', 'Bob')
  on.link('Phone', 'Alice')
  on.say('p1')
  for (const who of ['Alice', 'Bob']) on.hear(who, 'p1')
  on.do('Alice', 'device revoke', { device: 'phone' })
  on.failToSay('p2')
  on.say('b1')
  on.hear('Alice', 'b1')
  on.list('Alice', 'p1 sent', 'b1 received')
  on.list('Bob', 'p1 received', 'b1 delivered')
  on.list('Phone', 'p1 delivered')
  for (const who of ['Alice', 'Bob', 'Phone']) on.roster(who, 'Alice', 'Bob')
  expect(check(on.entries).violations).toEqual([])
})

test('a history without lists does not hold', () => {
  const asked = goodHistory().filter((entry) => entry.type !== 'ask' || ['send', 'read'].includes(entry.do))
  expect(check(asked).violations.map(({ sentence }) => sentence)).toEqual([
    'Alice made no list at the end',
    'Alice misses all messages that it knows of',
    'Bob made no list at the end',
    'Bob misses all messages that it knows of',
    'nobody is in pair',
  ])
})

test.each([
  ['a message is not in the list of the other', 'lost', edit('Bob', -1, without('a2')), /Bob has not got "text a2"/],
  ['an author has lost its own message', 'lost', edit('Alice', -1, without('a3')), /Alice has lost its own "text a3"/],
  ['a text has changed', 'lost', edit('Bob', -1, changed('a3', { text: 'another' })), /in place of "text a3"/],
  ['an author has changed', 'lost', edit('Bob', -1, changed('a3', { author: 'bob' })), /in place of "text a3"/],
  ['a message that nobody said', 'lost', edit('Bob', -1, (rows) => [...rows, rowOf('a9 received')]), /has not said it/],
  ['a gap at the end', 'lost', edit('Bob', -1, (rows) => [{ missing: 2, author: 'alice' }, ...rows]), /misses 2/],
  ['no list at the end', 'lost', drop(isAsk('Bob', 'messages')), /Bob made no list at the end/],
  ['a message that was not told', 'lost', drop(isTold('Bob', 'a3')), /Bob was not told of "text a3"/],
  ['something that did not come to rest', 'lost', add({ who: 'all', type: 'stuck', why: 'x' }), /come to rest: all: x/],

  [
    'an id twice in a list',
    'twice',
    edit('Bob', -1, (rows) => [...rows, rowOf('a3 received')]),
    /lists "text a3" twice/,
  ],
  [
    'a text twice under two ids',
    'twice',
    edit('Alice', -1, (rows) => [...rows, { ...rowOf('a9 sent'), text: 'text a3' }]),
    /was said once/,
  ],
  [
    'a message told twice, with a kill in between',
    'twice',
    repeat(isTold('Bob', 'a1')),
    /Bob was told of "text a1" twice/,
  ],

  ['another order at the other', 'order', edit('Bob', -1, swap(0, 1)), /stands elsewhere at Bob/],
  ['another order than before at the same', 'order', edit('Bob', 1, swap(1, 2)), /stands elsewhere at Bob/],
  [
    'the same wrong order at both',
    'order',
    both(edit('Bob', -1, swap(0, 1)), edit('Alice', -1, swap(0, 1))),
    /which Bob had seen/,
  ],
  [
    'an author out of its own order',
    'order',
    both(edit('Bob', -1, swap(2, 3)), edit('Alice', -1, swap(2, 3))),
    /which Alice had seen/,
  ],
  [
    'a message in a list without what its author had seen',
    'order',
    edit('Bob', 1, without('b1')),
    /not "text b1", which Alice/,
  ],
  [
    'a message told before what its author had seen',
    'order',
    exchange(isTold('Bob', 'a2'), isTold('Bob', 'a3')),
    /Bob sees "text a3" before/,
  ],

  ['a state that went back', 'ticks', edit('Alice', -1, changed('a2', { state: 'sent' })), /was read, then sent/],
  [
    'a state that went back over a restart',
    'ticks',
    add({ who: 'Alice', type: 'told', line: { type: 'state', message: 'a2', state: 'queued' } }),
    /was read, then queued/,
  ],
  [
    'sent while no relay was there',
    'ticks',
    drop(({ who, type }) => who === 'relay' && type === 'start'),
    /while no relay was there/,
  ],
  [
    'sent, and the other got nothing from the relay',
    'ticks',
    edit('Bob', 1, without('a2')),
    /Bob did not get it from the relays/,
  ],
  [
    'delivered, and the other has not got it',
    'ticks',
    edit('Bob', 0, without('a1')),
    /told to be delivered, and Bob had not got it/,
  ],
  [
    'delivered in a list, and the other has not got it',
    'ticks',
    both(drop(isTold('Alice', 'a3')), edit('Bob', -1, without('a3'))),
    /told to be delivered/,
  ],
  ['read before anybody read it', 'ticks', drop(isAsk('Bob', 'read')), /before all who must had read it/],

  ['somebody who sees one less', 'rosters', roster('Bob', (members) => members.slice(1)), /Alice sees .*; Bob sees/],
  [
    'somebody who sees another role',
    'rosters',
    roster('Bob', ([one, two]) => [{ ...one, role: 'admin' }, two ?? {}]),
    /admin/,
  ],
  [
    'somebody who is seen and sees itself outside',
    'rosters',
    roster('Bob', ([one]) => [one ?? {}]),
    /Alice sees Bob inside/,
  ],
  [
    'somebody who sees itself inside and is not seen',
    'rosters',
    roster('Alice', ([one]) => [one ?? {}]),
    /Alice sees Bob outside/,
  ],
] as const)('%s is caught', (_name, rule, plant, sentence) => expectCaught(goodHistory(), { rule, plant, sentence }))

test.each([
  [
    'a message that somebody lacks who was known to be in',
    'lost',
    edit('Carol', -1, without('a3')),
    /Carol has not got "text a3"/,
  ],
  ['a hole in what somebody has', 'lost', edit('Carol', -1, without('a2')), /before and after|has not got "text a2"/],
  ['a text that a member refused to take', 'lost', refuse('Carol', 'c1'), /Carol did not take "text c1"/],
  ['a text that a member never answered', 'lost', drop(isAnswer('Carol', 'c1')), /Carol never answered/],
  [
    'somebody removed who sees itself inside',
    'rosters',
    roster('Bob', (members) => [...members, { account: 'bob', name: 'Bob', role: 'member' }]),
    /Bob/,
  ],
  [
    'another owner at one of them',
    'rosters',
    roster('Carol', (members) => members.map((each) => ({ ...each, role: 'owner' }))),
    /Carol sees .*Carol carol owner/,
  ],
] as const)('in a group %s is caught', (_name, rule, plant, sentence) =>
  expectCaught(goodGroupHistory(), { rule, plant, sentence }),
)

test.each([
  ['a message since then that a device lacks', 'lost', edit('Phone', -1, without('a1')), /Phone has not got "text a1"/],
  [
    'delivered, and no device has it',
    'ticks',
    both(edit('Alice', -1, without('b2')), edit('Phone', -1, without('b2'))),
    /delivered, and Alice, Phone had not got it/,
  ],
  [
    'read by nobody but another device of the same person',
    'ticks',
    add({ who: 'Alice', type: 'told', line: { type: 'state', message: 'a1', state: 'read' } }),
    /before all who must had read it/,
  ],
  [
    'a device that sees another role',
    'rosters',
    roster('Phone', ([one, two]) => [{ ...one, name: 'Alicia' }, two ?? {}]),
    /Alicia/,
  ],
  [
    'a message that is read on one device and new on the other',
    'devices',
    edit('Alice', -1, changed('b3', { state: 'received' })),
    /"text b3" is received at Alice and read at Phone/,
  ],
] as const)('of somebody with two devices %s is caught', (_name, rule, plant, sentence) =>
  expectCaught(goodDevicesHistory(), { rule, plant, sentence }),
)

test.each([
  ['without what its author had seen there it is stored, and waits', [], []],
  ['with what its author had seen there it would be shown', ['c1 received'], ['ticks']],
])('delivered, and not in a list: %s', (_name, rows, broken) => {
  const members = ['Alice owner', 'Bob', 'Carol']
  const on = new Script('group')
  on.setUp('Alice', 'Bob', 'Carol')
  for (const who of ['Alice', 'Bob', 'Carol']) on.roster(who, ...members)
  on.say('c1')
  on.hear('Alice', 'c1')
  on.say('a1')
  on.state('a1', 'delivered')
  on.list('Bob', ...rows)
  on.hear('Bob', 'c1', 'a1')
  on.hear('Carol', 'a1')
  for (const who of ['Alice', 'Bob', 'Carol']) on.list(who, 'c1 delivered', 'a1 delivered')
  for (const who of ['Alice', 'Bob', 'Carol']) on.roster(who, ...members)
  expect(check(on.entries).violations.map(({ rule }) => rule)).toEqual(broken)
})

test.each([
  [
    'a minute after what its author had seen was said a message may be told before that, however young it is',
    60_000,
    [],
  ],
  ['a second earlier it may not', 59_000, ['order']],
] as const)('%s', (_name, told, broken) => {
  const on = new Script('pair')
  on.setUp('Alice', 'Bob')
  for (const id of ['a1', 'a2']) on.say(id)
  on.hear('Bob', 'a2', 'a1')
  for (const id of ['a1', 'a2']) on.state(id, 'delivered')
  on.list('Alice', 'a1 delivered', 'a2 delivered')
  on.list('Bob', 'a1 received', 'a2 received')
  for (const who of ['Alice', 'Bob']) on.roster(who, 'Alice', 'Bob')
  const from = on.entries.find((entry) => entry.type === 'ask' && entry.fields['text'] === 'text a1')?.at ?? 0
  const timed = on.entries.map((entry) => (isTold('Bob', 'a2')(entry) ? { ...entry, at: from + told } : entry))
  expect(check(timed).violations.map(({ rule }) => rule)).toEqual(broken)
})

test.each([
  ['was out in between', true, []],
  ['was in all the time', false, ['order']],
] as const)('what an author had seen stands before what it says, unless it %s', (_name, isOut, broken) => {
  const on = new Script('group')
  on.setUp('Alice', 'Bob', 'Carol')
  const all = ['Alice owner', 'Bob', 'Carol']
  for (const who of ['Alice', 'Bob', 'Carol']) on.roster(who, ...all)
  on.say('a1')
  on.hear('Carol', 'a1')
  if (isOut) {
    on.do('Carol', 'group leave')
    on.do('Alice', 'group add', { account: 'carol' })
    on.do('Carol', 'accept')
    for (const who of ['Alice', 'Bob', 'Carol']) on.roster(who, ...all)
  }
  on.say('c1')
  on.hear('Bob', 'c1', 'a1')
  on.hear('Alice', 'c1')
  for (const id of ['a1', 'c1']) on.state(id, 'delivered')
  on.list('Alice', 'a1 delivered', 'c1 received')
  on.list('Bob', 'a1 received', 'c1 received')
  on.list('Carol', 'a1 received', 'c1 delivered')
  for (const who of ['Alice', 'Bob', 'Carol']) on.roster(who, ...all)
  expect(check(on.entries).violations.map(({ rule }) => rule)).toEqual(broken)
})

test.each([
  ['beside a gap lends no order to what is said after it', [{ missing: 1, author: 'carol' }], false],
  ['in its place does', [], true],
])('what was shown %s', (_name, gap, broken) => {
  const members = ['Alice owner', 'Bob', 'Carol']
  const on = new Script('group')
  on.setUp('Alice', 'Bob', 'Carol')
  for (const who of ['Alice', 'Bob', 'Carol']) on.roster(who, ...members)
  on.say('c1')
  on.hear('Alice', 'c1')
  on.say('a1')
  on.hear('Bob', 'a1')
  on.ask('Bob', 'messages', { conversation: 'group' }, { rows: [...gap, rowOf('a1 received')] })
  on.say('b1')
  on.hear('Bob', 'c1')
  for (const who of ['Alice', 'Carol']) on.hear(who, 'b1')
  on.hear('Carol', 'a1')
  for (const who of ['Alice', 'Bob', 'Carol']) on.list(who, 'b1 received', 'c1 received', 'a1 received')
  for (const who of ['Alice', 'Bob', 'Carol']) on.roster(who, ...members)
  const { violations } = check(on.entries)
  expect(violations.some(({ sentence }) => sentence.includes('"text b1" before "text a1"'))).toBe(broken)
})

test.each([
  ['it is delivered by that one', ['b1 received'], []],
  ['without it nobody has it', [], ['lost', 'ticks']],
])('of somebody whose new device its author does not know yet: %s', (_name, rows, broken) => {
  const on = new Script('pair')
  on.setUp('Alice', 'Bob')
  for (const who of ['Alice', 'Bob']) on.roster(who, 'Alice', 'Bob')
  on.link('Phone', 'Alice')
  on.say('b1')
  on.hear('Phone', 'b1')
  on.state('b1', 'delivered')
  on.list('Alice')
  on.list('Phone', ...rows)
  on.hear('Alice', 'b1')
  on.list('Alice', 'b1 received')
  on.list('Bob', 'b1 delivered')
  on.list('Phone', 'b1 received')
  for (const who of ['Alice', 'Bob', 'Phone']) on.roster(who, 'Alice', 'Bob')
  expect(check(on.entries).violations.map(({ rule }) => rule)).toEqual(broken)
})
