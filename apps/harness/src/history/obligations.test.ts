import { expect, test } from 'vitest'
import { check } from './check.ts'
import { goodGroupHistory } from './good-history.ts'
import { edit } from './plants.ts'
import type { Plant } from './plants.ts'
import { Script } from './script.ts'

// What those are owed who go, are put out, or come in again.

test('a gap of somebody who has gone, and has said nothing to this one, may stay, and one of somebody who is there may not', () => {
  const gap = (author: string): Plant => edit('Carol', -1, (rows) => [{ missing: 1, author }, ...rows])
  const lost = (plant: Plant): number =>
    check(plant(goodGroupHistory())).violations.filter(({ rule }) => rule === 'lost').length
  expect([lost(gap('bob')), lost(gap('alice'))]).toEqual([0, 1])
})

test.each([
  ['that nobody has may be lost', ['b1 received'], ['b1 received'], []],
  [
    'that another one has may not',
    ['b1 received', 'b2 received'],
    ['b1 received'],
    ['Carol has not got "text b2" of Bob, which Alice has'],
  ],
  ['may be missing with all', ['b1 received', '?bob'], ['b1 received', '?bob'], []],
  [
    'may not be missing with one',
    ['b1 received'],
    ['b1 received', '?bob'],
    ['Carol misses 1 messages that it knows of'],
  ],
] as const)('what somebody said who was killed and put out %s', (_name, hers, last, sentences) => {
  const on = new Script('group')
  on.setUp('Alice', 'Bob', 'Carol')
  for (const who of ['Alice', 'Bob', 'Carol']) on.roster(who, 'Alice owner', 'Bob', 'Carol')
  on.say('b1')
  for (const who of ['Alice', 'Carol']) on.hear(who, 'b1')
  on.state('b1', 'delivered')
  on.say('b2')
  on.add('Bob', { type: 'gone', signal: 'SIGKILL' })
  if ((hers as readonly string[]).includes('b2 received')) on.hear('Alice', 'b2')
  on.do('Alice', 'group remove', { account: 'bob' })
  on.add('Bob', { type: 'start', kind: 'terminal' })
  on.list('Alice', ...hers)
  on.list('Bob', 'b1 delivered', 'b2 queued')
  on.list('Carol', ...last)
  for (const who of ['Alice', 'Bob', 'Carol']) on.roster(who, 'Alice owner', 'Carol')
  expect(check(on.entries).violations.map(({ sentence }) => sentence)).toEqual(sentences)
})

test.each([
  ['while it was out, whatever it had said by then', true, []],
  ['when it was in', false, ['Carol has not got "text a1" of Alice, which Alice and Bob has']],
] as const)('whoever was put out and came in again is owed nothing that was said %s', (_name, isOut, sentences) => {
  const on = new Script('group')
  on.setUp('Alice', 'Bob', 'Carol')
  const all = ['Alice owner', 'Bob', 'Carol']
  for (const who of ['Alice', 'Bob', 'Carol']) on.roster(who, ...all)
  on.do('Alice', 'group remove', { account: 'carol' })
  const comesIn = (): void => {
    on.do('Alice', 'group add', { account: 'carol' })
    on.do('Carol', 'accept')
  }
  if (!isOut) comesIn()
  // Nobody has told her yet.
  on.say('c1')
  for (const who of ['Alice', 'Bob']) on.hear(who, 'c1')
  on.say('a1')
  on.hear('Bob', 'a1')
  on.state('a1', 'delivered')
  if (isOut) comesIn()
  for (const who of ['Alice', 'Bob']) on.list(who, 'c1 received', who === 'Alice' ? 'a1 delivered' : 'a1 received')
  on.list('Carol', 'c1 sent')
  for (const who of ['Alice', 'Bob', 'Carol']) on.roster(who, ...all)
  const lost = check(on.entries).violations.filter(({ rule }) => rule === 'lost')
  expect(lost.map(({ sentence }) => sentence)).toEqual(sentences)
})
