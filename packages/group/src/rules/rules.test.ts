import { describe, expect, test } from 'vitest'
import { analyze, finalFor, isWellFormed, wouldBe } from './analyze.ts'
import { basisFor } from './basis.ts'
import { missing, withThing } from './control-log.ts'
import {
  account,
  accountsIn,
  begun,
  begunAs,
  commitBody,
  committed,
  device,
  joined,
  leaf,
  said,
  thingOn,
  treeIn,
} from './fixtures/builder.ts'
import { owesAck, quietLeaves } from './duties.ts'
import { mayCommit } from './may-commit.ts'

const add = (name: string) =>
  ({ kind: 'add', account: account(name), devices: [device(`${name}1`)], acceptance: `yes of ${name}` }) as const
const remove = (name: string) => ({ kind: 'remove', account: account(name) }) as const
const appoint = (name: string) => ({ kind: 'appoint', account: account(name) }) as const
const demote = (name: string) => ({ kind: 'demote', account: account(name) }) as const

describe('a group in one line of history', () => {
  test('adds, commits, removes; roles come by appointment', () => {
    let { log } = begun('a1', 'b1')
    expect(accountsIn(log)).toBe('a:owner b:member')
    log = said(log, 'a1', add('c'))
    expect(treeIn(log)).toBe('a1 b1')
    expect(mayCommit(analyze(log), device('b1'))?.added).toMatchObject([{ device: 'c1' }])
    log = committed(log, 'b1')
    expect(treeIn(log)).toBe('a1 b1 c1')
    log = said(log, 'a1', appoint('c'))
    expect(accountsIn(log)).toBe('a:owner c:admin b:member')
    log = said(log, 'c1', remove('b'))
    log = committed(log, 'a1')
    expect(treeIn(log)).toBe('a1 c1')
    expect(analyze(log).path).toHaveLength(3)
  })

  test('the last valid rename gives the title, and members rename nothing', () => {
    let { log } = begun('a1', 'b1')
    expect(analyze(log).title).toBe('First')
    log = said(log, 'b1', { kind: 'rename', title: 'Mine' })
    expect(analyze(log).title).toBe('First')
    log = said(log, 'a1', { kind: 'rename', title: 'Ours' })
    expect(analyze(log).title).toBe('Ours')
  })

  test('final follows when everybody has said that everybody agrees', () => {
    let { log } = begun('a1', 'b1')
    const first = analyze(log).tip
    log = committed(log, 'a1')
    const { tip } = analyze(log)
    expect(analyze(log).final).toBe(first)
    log = said(log, 'a1', { kind: 'ack' })
    log = said(log, 'b1', { kind: 'ack' })
    expect(analyze(log).final).toBe(first)
    log = said(log, 'a1', { kind: 'ack' })
    expect(analyze(log).final).toBe(first)
    log = said(log, 'b1', { kind: 'ack' })
    expect(analyze(log).final).toBe(tip)
    expect(finalFor(log, device('a1'))).toBe(first)
    log = said(log, 'a1', { kind: 'ack' })
    expect(finalFor(log, device('a1'))).toBe(tip)
  })
})

describe('who may what', () => {
  test('what members, juniors and strangers may not do is told before it is done', () => {
    let { log } = begun('a1', 'b1', 'c1')
    log = said(log, 'a1', appoint('b'))
    log = said(log, 'a1', appoint('c'))
    const by = (name: string) => ({ account: account(name), device: device(`${name}1`) })
    expect(wouldBe(log, remove('c'), by('b'))).toBe(true)
    expect(wouldBe(log, remove('b'), by('c'))).toBe(false)
    expect(wouldBe(log, remove('a'), by('b'))).toBe(false)
    expect(wouldBe(log, add('d'), by('c'))).toBe(true)
    expect(wouldBe(log, add('d'), by('d'))).toBe(false)
    expect(wouldBe(log, demote('c'), by('a'))).toBe(true)
    expect(wouldBe(log, { kind: 'leave' }, by('c'))).toBe(true)
  })

  test('pairs and self have no roles', () => {
    const { log } = begunAs('pair', 'a1', 'b1')
    const a = { account: account('a'), device: device('a1') }
    for (const body of [add('c'), remove('b'), appoint('b'), { kind: 'rename', title: 'x' } as const])
      expect(wouldBe(log, body, a)).toBe(false)
    expect(wouldBe(log, { kind: 'grant', device: device('a2') }, a)).toBe(true)
    expect(accountsIn(begunAs('self', 'a1 a2').log)).toBe('a:member')
  })

  test('an older device revokes a younger one of its account, which never returns', () => {
    let { log } = begun('a1 a2', 'b1')
    expect(
      wouldBe(log, { kind: 'revoke', device: device('a1') }, { account: account('a'), device: device('a2') }),
    ).toBe(false)
    log = said(log, 'a1', { kind: 'revoke', device: device('a2') })
    expect(analyze(log).desired.map((one) => one.device)).toEqual(['a1', 'b1'])
    expect(wouldBe(log, { kind: 'grant', device: device('a2') }, { account: account('a'), device: device('a1') })).toBe(
      false,
    )
  })

  test('an acceptance that was used brings nobody back', () => {
    let { log } = begun('a1', 'b1')
    log = said(log, 'a1', add('c'))
    log = said(log, 'a1', remove('c'))
    const a = { account: account('a'), device: device('a1') }
    expect(wouldBe(log, add('c'), a)).toBe(false)
    expect(wouldBe(log, { ...add('c'), acceptance: 'another yes' }, a)).toBe(true)
  })
})

describe('branches', () => {
  test('what a removed admin did at the same time is void, commits too', () => {
    let { log } = begun('a1', 'b1', 'c1')
    log = said(log, 'a1', appoint('b'))
    const removed = committed(said(log, 'a1', remove('b')), 'a1')
    const late = committed(said(said(log, 'b1', remove('c')), 'b1', add('d')), 'b1')
    const both = joined(removed, late)
    expect(accountsIn(both)).toBe('a:owner c:member')
    expect(treeIn(both)).toBe('a1 c1')
    expect(treeIn(joined(late, removed))).toBe('a1 c1')
  })

  test('of two commits on one parent the one that removes is the tip, then the senior one', () => {
    const { log } = begun('a1', 'b1', 'c1')
    const [left, right] = [committed(log, 'c1'), committed(log, 'b1')]
    expect(analyze(joined(left, right)).tip).toBe(analyze(right).tip)
    const removing = committed(said(log, 'a1', remove('c')), 'b1')
    expect(analyze(joined(left, removing)).tip).toBe(analyze(removing).tip)
  })

  test('whoever was added on a branch that lost is desired still', () => {
    const log = said(begun('a1', 'b1', 'c1').log, 'a1', appoint('b'))
    const adding = committed(said(log, 'a1', add('d')), 'a1')
    const removing = committed(said(log, 'b1', remove('c')), 'b1')
    const both = joined(adding, removing)
    expect(treeIn(both)).toBe('a1 b1')
    expect(analyze(both).tip).toBe(analyze(removing).tip)
    expect(treeIn(committed(both, 'b1'))).toBe('a1 b1 d1')
  })

  test('who left is out, whoever removed and added the account meanwhile', () => {
    const log = said(begun('a1', 'b1', 'c1').log, 'a1', add('d'))
    const removed = said(log, 'a1', remove('c'))
    const back = said(removed, 'a1', { ...add('c'), acceptance: 'a new yes' })
    expect(accountsIn(joined(back, said(log, 'c1', { kind: 'leave' })))).toBe('a:owner b:member d:member')
  })

  test('a rank that turns out void takes nothing with it that needs none', () => {
    const log = said(begun('a1', 'b1', 'c1').log, 'a1', appoint('b'))
    const left = said(said(log, 'b1', appoint('c')), 'c1', { kind: 'leave' })
    const both = joined(said(log, 'a1', remove('b')), left)
    expect(accountsIn(both)).toBe('a:owner')
    const granted = said(said(log, 'b1', appoint('c')), 'c1', { kind: 'grant', device: device('c2') })
    const desired = analyze(joined(said(log, 'a1', remove('b')), granted)).desired
    expect(desired.map((one) => one.device)).toEqual(['a1', 'c1', 'c2'])
  })

  test('who left is out, also when what brought them in there turns out void', () => {
    const log = said(begun('a1', 'b1').log, 'a1', appoint('b'))
    const left = said(said(log, 'b1', add('c')), 'c1', { kind: 'leave' })
    const other = said(said(log, 'a1', remove('b')), 'a1', { ...add('c'), acceptance: 'another yes' })
    expect(accountsIn(other)).toBe('a:owner c:member')
    expect(accountsIn(joined(other, left))).toBe('a:owner')
  })

  test('two things on one seq put the device out, whatever the order', () => {
    const { log } = begun('a1', 'b1')
    const one = said(log, 'b1', { kind: 'ack' })
    const two = said(log, 'b1', { kind: 'leave' })
    for (const both of [joined(one, two), joined(two, one)]) {
      expect(analyze(both).forked).toEqual(['b1'])
      expect(analyze(both).desired.map(({ device: name }) => name)).toEqual(['a1'])
    }
  })
})

describe('the log', () => {
  test('a thing waits for what it stands on, and comes in with it', () => {
    const { log } = begun('a1', 'b1')
    const one = thingOn(log, 'a1', add('c'))
    const after = withThing(log, one).log
    const two = thingOn(after, 'b1', { kind: 'ack' })
    const three = thingOn(withThing(after, two).log, 'a1', { kind: 'ack' })
    const early = withThing(log, three)
    expect(early.added).toEqual([])
    expect(missing(early.log)).toEqual([
      { id: two.id, namedBy: 'a1' },
      { id: one.id, namedBy: 'a1', device: 'a1', seq: 2 },
    ])
    const waiting = withThing(early.log, two).log
    expect(missing(waiting)).toEqual([{ id: one.id, namedBy: 'a1', device: 'a1', seq: 2 }])
    const done = withThing(waiting, one)
    expect(done.added).toEqual([one, two, three])
    expect(done.log.parked.size).toBe(0)
    expect(analyze(done.log).heads).toEqual([three.id])
    expect(withThing(done.log, two).log).toBe(done.log)
  })

  test('a second create counts for nothing, and nothing on it comes in', () => {
    const { log, create } = begun('a1', 'b1')
    const other = { ...create, id: 'another' as typeof create.id }
    const next = withThing(log, other).log
    const on = { ...thingOn(log, 'a1', { kind: 'ack' }), prev: other.id, deps: [] }
    const last = withThing(next, on)
    expect(last.added).toEqual([])
    expect(last.log.parked.size).toBe(0)
  })

  test('what comes next stands on all heads, and in a flood of forks on as many as fit', () => {
    const { log } = begun('a1', 'b1')
    expect(basisFor(log, device('b1'))).toEqual({ seq: 1, deps: ['create'], lamport: 2, epoch: 'epoch 0' })
    const flood = Array.from({ length: 100 }, () => said(log, 'b1', { kind: 'ack' }))
    const all = joined(committed(log, 'a1'), ...flood)
    const basis = basisFor(all, device('a1'))
    expect(basis).toMatchObject({ seq: 3, lamport: 3, epoch: analyze(all).tip })
    expect(basis.deps).toHaveLength(64)
    const thing = { ...thingOn(all, 'a1', { kind: 'ack' }), ...basis }
    expect(isWellFormed(withThing(all, thing).log, thing)).toBe(true)
  })

  test('older logs stay what they were, and grow on their own', () => {
    const { log } = begun('a1', 'b1')
    const left = said(log, 'a1', { kind: 'rename', title: 'Left' })
    const right = said(log, 'b1', { kind: 'leave' })
    expect(analyze(left).title).toBe('Left')
    expect(analyze(log).title).toBe('First')
    expect(accountsIn(right)).toBe('a:owner')
    expect(accountsIn(left)).toBe('a:owner b:member')
  })

  test('what names another tip than its past has counts for nothing', () => {
    const { log } = begun('a1', 'b1')
    const next = committed(log, 'a1')
    const thing = thingOn(next, 'b1', { kind: 'leave' }, { epoch: analyze(log).tip })
    const all = withThing(next, thing).log
    expect(isWellFormed(all, thing)).toBe(false)
    expect(accountsIn(all)).toBe('a:owner b:member')
  })
})

describe('what a device should say', () => {
  test('ack until its last thing shows what everybody knows', () => {
    const { log } = begun('a1', 'b1')
    let all = committed(log, 'a1')
    let acks = 0
    for (const name of ['a1', 'b1', 'a1', 'b1', 'a1', 'b1', 'a1', 'b1'])
      if (owesAck(all, device(name))) {
        all = said(all, name, { kind: 'ack' })
        acks++
      }
    expect(acks).toBeLessThan(8)
    expect(analyze(all).final).toBe(analyze(all).tip)
    expect(['a1', 'b1'].map((name) => finalFor(all, device(name)))).toEqual([analyze(all).tip, analyze(all).tip])
  })

  test('of whom it has not heard that they are where it is', () => {
    const { log, create } = begun('a1', 'b1', 'c1')
    const next = said(committed(log, 'a1'), 'c1', { kind: 'ack' })
    const { tip } = analyze(next)
    expect(quietLeaves(next, tip)).toEqual([leaf('a1', create), leaf('b1', create)])
    expect(quietLeaves(said(next, 'a1', { kind: 'ack' }), tip)).toEqual([leaf('b1', create)])
    expect(quietLeaves(next, 'elsewhere' as typeof tip)).toEqual([])
  })
})

describe('a silent device', () => {
  test('is set aside by half of the accounts with the first, keeps its account, and comes back by a new grant', () => {
    const begin = begun('a1', 'b1')
    let log = committed(begin.log, 'a1')
    const silent = leaf('b1', begin.create)
    const about = analyze(log).tip
    const a = { account: account('a'), device: device('a1') }
    expect(
      wouldBe(
        log,
        { kind: 'attest', leaf: leaf('a1', begin.create), about },
        { account: account('b'), device: device('b1') },
      ),
    ).toBe(true)
    expect(wouldBe(log, { kind: 'stale', leaf: silent }, a)).toBe(false)
    log = said(log, 'a1', { kind: 'attest', leaf: silent, about })
    expect(wouldBe(log, { kind: 'stale', leaf: silent }, a)).toBe(true)
    log = committed(said(log, 'a1', { kind: 'stale', leaf: silent }), 'a1')
    expect(treeIn(log)).toBe('a1')
    expect(accountsIn(log)).toBe('a:owner b:member')
    log = said(log, 'b1', { kind: 'grant', device: device('b1') })
    log = committed(log, 'a1')
    expect(treeIn(log)).toBe('a1 b1')
    expect(commitBody(log, 'b1').added).toEqual([])
  })
})
