import { describe, expect, test } from 'vitest'
import { analyze, isWellFormed, wouldBe } from './analyze.ts'
import { thingsOf, withThing, type ControlLog } from './control-log.ts'
import { ACK, add, appoint, demote, grant, LEAVE, recover, remove, revoke } from './fixtures/bodies.ts'
import { account, accountsIn, begun, committed, device, joined, said, thingOn, treeIn } from './fixtures/builder.ts'
import { MAX_RECOVERS } from './limits.ts'
import { mayCommit } from './may-commit.ts'

// Devices: b1 and b2 are lost, b3 and later ones are restored from the phrase.

const wantedIn = (log: ControlLog): string =>
  analyze(log)
    .desired.map((one) => one.device)
    .join(' ')
const by = (name: string): Parameters<typeof wouldBe>[2] => ({ account: account(name[0] ?? ''), device: device(name) })
const start = (): ControlLog => said(begun('a1', 'b1 b2', 'c1').log, 'a1', appoint('b'))

test('a restored device is in, every other one of its account goes, and the account keeps its rank', () => {
  const log = said(start(), 'b3', recover(1))
  expect(wantedIn(log)).toBe('a1 b3 c1')
  expect(accountsIn(log)).toBe('a:owner b:admin c:member')
  expect(treeIn(committed(log, 'c1'))).toBe('a1 b3 c1')
  expect(accountsIn(said(log, 'b3', remove('c')))).toBe('a:owner b:admin')
  expect(mayCommit(analyze(log), device('b1'))).toBeUndefined()
})

describe('what lost devices did without knowing of it counts for nothing', () => {
  const log = start()
  const restored = said(log, 'b3', recover(1))

  test.for([
    ['removals', remove('c'), 'a:owner b:admin c:member'],
    ['additions', add('d'), 'a:owner b:admin c:member'],
    ['leaving', LEAVE, 'a:owner b:admin c:member'],
    ['appointments', appoint('c'), 'a:owner b:admin c:member'],
  ] as const)('%s', ([, body, accounts]) => {
    const acted = said(log, 'b1', body)
    expect(accountsIn(acted)).not.toBe(accounts)
    expect(accountsIn(joined(restored, acted))).toBe(accounts)
  })

  test('granting, and what the granted one did', () => {
    const acted = said(said(log, 'b1', grant('b9')), 'b9', remove('c'))
    expect(accountsIn(joined(restored, acted))).toBe('a:owner b:admin c:member')
    expect(wantedIn(joined(restored, acted))).toBe('a1 b3 c1')
  })

  test('commits', () => {
    const late = joined(restored, committed(log, 'b1'))
    expect(analyze(late).tip).toBe(analyze(log).tip)
  })

  test('also when they had a rank by then that the restored one does not know of', () => {
    const plain = begun('a1', 'b1', 'c1').log
    const ranked = said(said(plain, 'a1', appoint('b')), 'b1', remove('c'))
    expect(accountsIn(joined(ranked, said(plain, 'b3', recover(1))))).toBe('a:owner b:admin c:member')
  })
})

test('what they did before stays', () => {
  const log = said(said(start(), 'b1', remove('c')), 'b3', recover(1))
  expect(accountsIn(log)).toBe('a:owner b:admin')
})

test('lost devices may do nothing any more, not even come back', () => {
  const log = said(start(), 'b3', recover(1))
  for (const body of [grant('b1'), grant('b9'), LEAVE, revoke('b3'), revoke('b1'), remove('c')])
    expect(wouldBe(log, body, by('b1'))).toBe(false)
  const granted = said(log, 'b3', grant('b1'))
  expect(wantedIn(granted)).toBe('a1 b3 c1')
  expect(wouldBe(log, grant('b1'), by('b3'))).toBe(false)
  expect(wantedIn(said(log, 'b3', grant('b4')))).toBe('a1 b3 b4 c1')
})

describe('a lost device that knows the restored one', () => {
  test('cannot keep it out by revoking it first', () => {
    const taken = said(said(start(), 'b1', grant('b3')), 'b1', revoke('b3'))
    expect(wantedIn(said(taken, 'b3', recover(1)))).toBe('a1 b3 c1')
    expect(accountsIn(said(said(taken, 'b3', recover(1)), 'b3', remove('c')))).toBe('a:owner b:admin')
  })

  test('cannot revoke it beside the recover', () => {
    const log = start()
    const revoked = said(said(log, 'b1', grant('b3')), 'b1', revoke('b3'))
    expect(wantedIn(joined(said(log, 'b3', recover(1)), revoked))).toBe('a1 b3 c1')
  })

  test('is revoked itself, and the restored one may revoke itself', () => {
    const log = said(start(), 'b3', recover(1))
    expect(wantedIn(said(log, 'b3', revoke('b3')))).toBe('a1 c1')
  })
})

describe('of two recovers', () => {
  test('that did not know of each other the later number stays, in any order', () => {
    const log = start()
    const both = joined(said(log, 'b3', recover(2)), said(log, 'b4', recover(1)))
    expect(wantedIn(both)).toBe('a1 b3 c1')
    expect(wantedIn(joined(said(log, 'b4', recover(1)), said(log, 'b3', recover(2))))).toBe('a1 b3 c1')
    const acted = said(said(said(log, 'b4', recover(1)), 'b4', grant('b5')), 'b5', remove('c'))
    expect(accountsIn(joined(said(log, 'b3', recover(2)), acted))).toBe('a:owner b:admin c:member')
    expect(wantedIn(joined(said(log, 'b3', recover(2)), acted))).toBe('a1 b3 c1')
    const later = said(said(said(log, 'b4', recover(3)), 'b4', grant('b5')), 'b5', remove('c'))
    expect(wantedIn(joined(said(log, 'b3', recover(2)), later))).toBe('a1 b4 b5')
  })

  test('one after the other, the second takes the first', () => {
    const log = said(said(said(start(), 'b3', recover(1)), 'b3', grant('b4')), 'b5', recover(2))
    expect(wantedIn(log)).toBe('a1 b5 c1')
  })

  test('the first keeps binding what it bound when a second comes that knew of it', () => {
    const log = start()
    const first = joined(said(log, 'b3', recover(1)), said(log, 'b1', remove('c')))
    expect(accountsIn(said(first, 'b4', recover(2)))).toBe('a:owner b:admin c:member')
  })

  test('an older statement counts for nothing where a later one is known', () => {
    const log = said(start(), 'b4', recover(2))
    for (const number of [1, 2]) expect(wouldBe(log, recover(number), by('b3'))).toBe(false)
    expect(wouldBe(log, recover(3), by('b3'))).toBe(true)
  })
})

test('is the first that a device says, of an account that is in, and of a device of no other account', () => {
  const log = start()
  expect(wouldBe(log, recover(1), by('b1'))).toBe(true)
  expect(wouldBe(said(log, 'b1', ACK), recover(1), by('b1'))).toBe(false)
  expect(wouldBe(log, recover(1), by('d1'))).toBe(false)
  expect(wouldBe(log, recover(1), { account: account('b'), device: device('c1') })).toBe(false)
})

test('whoever was removed does not come in by it', () => {
  const log = start()
  expect(wouldBe(said(log, 'a1', remove('b')), recover(1), by('b3'))).toBe(false)
  const apart = joined(said(log, 'a1', remove('b')), said(log, 'b3', recover(1)))
  expect(accountsIn(apart)).toBe('a:owner c:member')
  expect(wantedIn(apart)).toBe('a1 c1')
})

test('whoever was removed and comes back by a yes of a lost device is still left with the restored one', () => {
  const log = start()
  const back = said(said(log, 'a1', remove('b')), 'a1', add('b', 'a new yes'))
  const both = joined(back, said(log, 'b3', recover(1)))
  expect(wantedIn(both)).toBe('a1 c1')
  expect(wantedIn(said(both, 'b3', grant('b3')))).toBe('a1 b3 c1')
})

test('a demotion by a senior stands beside it', () => {
  const log = start()
  expect(accountsIn(joined(said(log, 'a1', demote('b')), said(log, 'b3', recover(1))))).toBe(
    'a:owner b:member c:member',
  )
})

test('what was agreed before it is not undone', () => {
  const log = start()
  const removed = committed(said(log, 'b1', remove('c')), 'a1')
  const names = ['a1', 'b1', 'b2']
  const agreed = [...names, ...names].reduce((all, name) => said(all, name, ACK), removed)
  const all = joined(agreed, said(log, 'b3', recover(1)))
  expect(accountsIn(all)).toBe('a:owner b:admin')
  expect(wantedIn(all)).toBe('a1 b3')
})

test('a restored device that forks its first word takes nobody', () => {
  const log = start()
  const forked = joined(said(log, 'b3', recover(1)), said(log, 'b3', ACK))
  expect(analyze(forked).forked).toEqual(['b3'])
  expect(wantedIn(forked)).toBe('a1 b1 b2 c1')
})

test('an account that signs many is not heard further', () => {
  let log = start()
  for (let n = 0; n < MAX_RECOVERS; n++) log = said(log, `b${n + 3}`, recover(n))
  const thing = thingOn(log, 'b999', recover(1000))
  expect(isWellFormed(withThing(log, thing).log, thing)).toBe(false)
  expect(thingsOf(log).every((one) => isWellFormed(log, one))).toBe(true)
})
