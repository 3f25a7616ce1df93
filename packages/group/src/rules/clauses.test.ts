import { describe, expect, test } from 'vitest'
import { analyze, isWellFormed, wouldBe } from './analyze.ts'
import { thingsOf, withThing, type ControlLog } from './control-log.ts'
import { ACK, add, appoint, demote, grant, LEAVE, remove, revoke } from './fixtures/bodies.ts'
import {
  account,
  accountsIn,
  begun,
  commitBody,
  committed,
  device,
  joined,
  leaf,
  said,
  thingOn,
  treeIn,
} from './fixtures/builder.ts'
import { odd } from './fixtures/saying.ts'
import { mayCommit } from './may-commit.ts'
import type { Body, Thing } from './thing.ts'

// Clauses of spec/group.md that worlds of the simulation seldom or never need, each with a history that does.

/** The log after all of these devices said twice where they are. */
function agreed(log: ControlLog, ...devices: readonly string[]): ControlLog {
  return [...devices, ...devices].reduce((all, name) => said(all, name, ACK), log)
}

function lastOf(log: ControlLog): Thing {
  const last = thingsOf(log).at(-1)
  if (last === undefined) throw new Error('empty')
  return last
}

/** The log after a majority said that a device is silent, and that it is set aside. */
function setAside(log: ControlLog, silent: Body & { kind: 'stale' }, ...by: readonly string[]): ControlLog {
  const about = analyze(log).tip
  const attested = by.reduce((all, name) => said(all, name, { kind: 'attest', leaf: silent.leaf, about }), log)
  return said(attested, by[0] ?? '', silent)
}

describe('commits', () => {
  test('of a removed admin count for nothing even where they would come first', () => {
    const log = said(said(begun('a1', 'b1', 'c1', 'd1').log, 'a1', appoint('b')), 'a1', remove('d'))
    const removing = committed(said(log, 'a1', remove('b')), 'c1')
    const late = committed(log, 'b1')
    expect(analyze(joined(removing, late)).tip).toBe(analyze(removing).tip)
  })

  test('keep the own leaf, whatever the device granted itself', () => {
    const { log, create } = begun('a1', 'b1')
    const granted = said(log, 'b1', grant('b1'))
    expect(mayCommit(analyze(granted), device('b1'))).toMatchObject({ added: [], removed: [] })
    const swap = { added: [leaf('b1', lastOf(granted))], removed: [leaf('b1', create)] }
    const body: Body = { ...commitBody(granted, 'b1'), ...swap }
    const thing = thingOn(granted, 'b1', body)
    expect(isWellFormed(withThing(granted, thing).log, thing)).toBe(false)
    expect(mayCommit(analyze(granted), device('a1'))).toMatchObject(swap)
  })

  test('under an epoch id that is taken count for nothing', () => {
    const log = committed(begun('a1', 'b1').log, 'a1')
    const thing = thingOn(log, 'b1', { ...commitBody(log, 'b1'), child: analyze(log).tip })
    expect(isWellFormed(withThing(log, thing).log, thing)).toBe(false)
  })

  test('of a device that was set aside count again once it has a newer grant: it may be the only one left', () => {
    const { log, create } = begun('a1', 'b1')
    const stale = setAside(committed(log, 'a1'), { kind: 'stale', leaf: leaf('b1', create) }, 'a1')
    expect(mayCommit(analyze(stale), device('b1'))).toBeUndefined()
    const alone = said(said(stale, 'a1', LEAVE), 'b1', grant('b1'))
    const next = committed(alone, 'b1')
    expect(treeIn(next)).toBe('b1')
    expect(analyze(next).tip).not.toBe(analyze(alone).tip)
  })

  test('that a set aside device made without knowing are void', () => {
    const { log, create } = begun('a1', 'b1', 'c1')
    const base = committed(log, 'a1')
    const aside = committed(setAside(base, { kind: 'stale', leaf: leaf('b1', create) }, 'a1', 'c1'), 'c1')
    const late = committed(base, 'b1')
    expect(analyze(joined(aside, late)).tip).toBe(analyze(aside).tip)
  })
})

test('an epoch in whose tree nobody is wanted is not the tip where there is another', () => {
  const { log, create } = begun('a1', 'b1', 'c1', 'd1')
  const base = committed(log, 'b1')
  const attest: Body = { kind: 'attest', leaf: leaf('a1', create), about: analyze(base).tip }
  const attested = ['b1', 'c1', 'd1'].reduce((all, name) => said(all, name, attest), base)
  const without = committed(said(attested, 'c1', { kind: 'stale', leaf: leaf('a1', create) }), 'c1')
  const withAll = committed(attested, 'd1')
  const both = joined(without, withAll)
  expect(treeIn(both)).toBe('b1 c1 d1')
  // The owner comes back and removes all who are in that tree; nobody could commit on it.
  const alone = [grant('a1'), remove('b'), remove('c'), remove('d')].reduce((all, body) => said(all, 'a1', body), both)
  expect(analyze(alone).tip).toBe(analyze(withAll).tip)
  expect(treeIn(committed(alone, 'a1'))).toBe('a1')
})

describe('silence', () => {
  const { log, create } = begun('a1', 'b1', 'c1')
  const next = committed(said(log, 'b1', ACK), 'a1')
  const about = analyze(next).tip
  const stale: Body = { kind: 'stale', leaf: leaf('b1', create) }
  const attested = (all: ControlLog): ControlLog =>
    ['a1', 'c1'].reduce((one, name) => said(one, name, { kind: 'attest', leaf: leaf('b1', create), about }), all)
  const by = { account: account('a'), device: device('a1') }

  test('is not broken by anything but an ack or a commit', () => {
    const renamed = said(next, 'b1', { kind: 'rename', title: 'x' })
    expect(wouldBe(attested(renamed), stale, by)).toBe(true)
    expect(wouldBe(attested(said(renamed, 'b1', ACK)), stale, by)).toBe(false)
  })

  test('is also to keep back that one knows what all have agreed to', () => {
    const acked = ['a1', 'b1', 'c1'].reduce((all, name) => said(all, name, ACK), next)
    const known = said(said(acked, 'a1', ACK), 'c1', ACK)
    expect(analyze(known).final).toBe(analyze(log).tip)
    expect(wouldBe(attested(known), stale, by)).toBe(true)
    expect(wouldBe(attested(said(known, 'b1', ACK)), stale, by)).toBe(false)
  })

  test('is broken by words that count for nothing, once one has named the epoch: what their past shows, they show', () => {
    const acked = ['a1', 'b1', 'c1', 'a1', 'c1'].reduce((all, name) => said(all, name, ACK), next)
    expect(wouldBe(attested(acked), stale, by)).toBe(true)
    const empty = odd(acked, 'b1', ACK, { lamport: 99 })
    expect(wouldBe(attested(empty), stale, by)).toBe(false)
    expect(analyze(empty).final).toBe(about)
  })
})

describe('complaints', () => {
  const log = said(begun('a1', 'b1', 'c1', 'd1', 'e1').log, 'a1', appoint('b'))
  const next = committed(log, 'b1')
  const stuck: Body = { kind: 'stuck', commit: lastOf(next).id }

  test('by a senior of the committer void a commit', () => {
    expect(analyze(said(next, 'a1', stuck)).tip).toBe(analyze(log).tip)
  })

  test('by one junior do not', () => {
    expect(analyze(said(next, 'c1', stuck)).tip).toBe(analyze(next).tip)
  })

  test('by most of the tree do', () => {
    const two = joined(said(next, 'c1', stuck), said(next, 'd1', stuck))
    expect(analyze(two).tip).toBe(analyze(next).tip)
    expect(analyze(joined(two, said(next, 'e1', stuck))).tip).toBe(analyze(log).tip)
  })

  test('by anybody do once the committer is no longer wanted', () => {
    const left = said(next, 'b1', LEAVE)
    expect(analyze(left).tip).toBe(analyze(next).tip)
    expect(analyze(said(left, 'c1', stuck)).tip).toBe(analyze(log).tip)
  })

  test('of somebody whose add is void count for nothing', () => {
    const added = said(log, 'b1', add('x'))
    const one = committed(added, 'c1')
    const two = committed(one, 'c1')
    const complaint = said(two, 'x1', { kind: 'stuck', commit: lastOf(two).id })
    const all = joined(complaint, said(two, 'c1', LEAVE), said(log, 'a1', remove('b')))
    expect(analyze(all).tip).toBe(analyze(two).tip)
  })
})

describe('what is final', () => {
  const { log, create } = begun('a1 a2', 'b1', 'c1')
  const base = committed(said(log, 'a1', appoint('b')), 'a1')
  const aside = committed(setAside(base, { kind: 'stale', leaf: leaf('a2', create) }, 'a1', 'b1'), 'a1')
  const added = agreed(committed(said(aside, 'b1', add('d')), 'b1'), 'a1', 'b1', 'c1', 'd1')
  /** Made by the device that was set aside before it heard of anything else. */
  const late = said(base, 'a2', remove('b'))

  test('keeps its validity when a senior comes back with an old removal', () => {
    expect(accountsIn(joined(added, late))).toBe('a:owner c:member d:member')
  })

  test('stays so when one of those who agreed turns out to have forked', () => {
    const forked = joined(said(added, 'b1', ACK), said(added, 'b1', { kind: 'rename', title: 'x' }))
    expect(analyze(forked).forked).toEqual(['b1'])
    expect(accountsIn(joined(forked, late))).toBe('a:owner c:member d:member')
  })

  test('is not what a forked device agreed to', () => {
    const start = begun('a1', 'b1', 'c1').log
    const first = committed(start, 'a1')
    const once = ['a1', 'b1', 'c1'].reduce((all, name) => said(all, name, ACK), first)
    const twins = joined(said(once, 'c1', ACK), said(once, 'c1', ACK))
    const more = (all: ControlLog): ControlLog => said(said(all, 'a1', ACK), 'b1', ACK)
    expect(analyze(more(twins)).final).toBe(analyze(start).tip)
    expect(analyze(more(said(once, 'c1', ACK))).final).toBe(analyze(first).tip)
  })

  test('does not move back for what a device that forked once knew as agreed', () => {
    const { log } = begun('a1', 'b1 b2')
    const plain = committed(log, 'a1')
    const removing = committed(said(log, 'b1', revoke('b2')), 'b1')
    const seen = said(joined(plain, removing), 'a1', ACK)
    expect(analyze(seen).tip).toBe(analyze(removing).tip)
    const withheld = said(said(seen, 'b1', ACK), 'b1', ACK)
    // Now b1 shows another beginning of its chain, and what it did is void.
    const next = committed(joined(seen, said(log, 'b1', ACK)), 'a1')
    const final = agreed(next, 'a1', 'b2')
    expect(analyze(final).final).toBe(analyze(next).tip)
    expect(analyze(joined(final, withheld)).tip).toBe(analyze(next).tip)
  })

  test('does not forgive a fork that was known by then', () => {
    const log = said(begun('a1', 'b1', 'c1').log, 'a1', appoint('b'))
    const forked = joined(said(log, 'b1', add('d')), said(log, 'b1', ACK))
    expect(accountsIn(forked)).toBe('a:owner b:admin c:member')
    const final = agreed(committed(forked, 'c1'), 'a1', 'c1')
    expect(analyze(final).final).toBe(analyze(final).tip)
    expect(treeIn(final)).toBe('a1 c1')
    expect(accountsIn(final)).toBe('a:owner b:admin c:member')
  })
})

describe('who is in', () => {
  test('not whom somebody added whose rank turned out void', () => {
    const log = said(begun('a1', 'b1', 'c1').log, 'a1', appoint('b'))
    const adding = said(said(log, 'b1', appoint('c')), 'c1', add('d'))
    expect(accountsIn(adding)).toBe('a:owner b:admin c:admin d:member')
    expect(accountsIn(joined(adding, said(log, 'a1', remove('b'))))).toBe('a:owner c:member')
  })

  test('whom a junior brought in and a senior appointed may do at once what admins may', () => {
    const log = said(said(begun('a1', 'b1', 'c1', 'd1').log, 'a1', appoint('b')), 'b1', appoint('c'))
    const appointed = said(said(log, 'c1', add('y')), 'a1', appoint('y'))
    expect(accountsIn(said(appointed, 'y1', remove('d')))).toBe('a:owner b:admin y:admin c:admin')
  })

  test('whom somebody appointed who knew nothing of what made the add void', () => {
    const log = said(said(begun('a1', 'b1', 'c1').log, 'a1', appoint('b')), 'a1', appoint('c'))
    const appointed = said(said(log, 'c1', add('y')), 'b1', appoint('y'))
    const all = joined(appointed, said(log, 'a1', remove('c')))
    expect(accountsIn(all)).toBe('a:owner b:admin y:admin')
    expect(accountsIn(said(all, 'a1', remove('y')))).toBe('a:owner b:admin')
    const struck = said(said(log, 'a1', remove('c')), 'a1', demote('b'))
    expect(accountsIn(joined(appointed, struck))).toBe('a:owner b:member')
  })

  test('not by what a device did with a rank of which the older one that revoked it did not know', () => {
    const { log } = begun('a1', 'b1 b2', 'c1')
    const acted = said(said(log, 'a1', appoint('b')), 'b2', remove('c'))
    expect(accountsIn(acted)).toBe('a:owner b:admin')
    expect(accountsIn(joined(acted, said(log, 'b1', revoke('b2'))))).toBe('a:owner b:admin c:member')
    expect(accountsIn(joined(acted, said(log, 'b1', LEAVE)))).toBe('a:owner c:member')
  })

  test('by what an older device did with its rank, though a younger one made the account leave', () => {
    const log = said(begun('a1', 'b1 b2', 'c1').log, 'a1', appoint('b'))
    expect(accountsIn(joined(said(log, 'b1', remove('c')), said(log, 'b2', LEAVE)))).toBe('a:owner')
  })

  test('not a device that its account revoked while the account was in by what turned out void', () => {
    const log = said(begun('a1', 'b1').log, 'a1', appoint('b'))
    const adding: Body = {
      kind: 'add',
      account: account('y'),
      devices: ['y1', 'y2'].map(device),
      acceptance: 'yes of y',
    }
    const revoked = said(said(log, 'b1', adding), 'y1', revoke('y2'))
    const removed = joined(revoked, said(log, 'a1', remove('b')))
    expect(accountsIn(removed)).toBe('a:owner')
    const back = said(removed, 'a1', { ...adding, acceptance: 'another yes of y' })
    expect(analyze(back).desired.map((one) => one.device)).toEqual(['a1', 'y1'])
  })

  test('whoever comes back, with the devices of the new yes only', () => {
    const log = said(said(begun('a1', 'c1').log, 'c1', grant('c2')), 'a1', remove('c'))
    const back = said(log, 'a1', add('c', 'a second yes'))
    expect(analyze(back).desired.map((one) => one.device)).toEqual(['a1', 'c1'])
  })
})
