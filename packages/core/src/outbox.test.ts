import { decodeFetch, encodeFetch, encodeReceipt, decodeReceipt, fromHex, type Fetch } from '@sotto/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Author } from '../test/author.ts'
import { CONVERSATION, deviceOf, EPOCH, relayOf } from '../test/ids.ts'
import { decodeConversation, encodeConversation, messageState, nextWake, unsealed, waiting } from './index.ts'
import type { AfterEffect, MessageState, Step } from './index.ts'

const TWO = ['alice', 'bob']

function stateOf(alice: Author, seq: number): MessageState | undefined {
  return messageState(alice.state, { device: deviceOf('alice'), seq })
}

function deposit(alice: Author, item: number, relay: string): Step {
  const innerId = alice.state.outbox[item]?.innerId
  if (innerId === undefined) throw new Error('No such item.')
  return alice.apply({ type: 'deposited', innerId, relay: relayOf(relay) })
}

function acknowledge(alice: Author, counter: number, delivered: number, read = 0): Step {
  const progress = [{ device: fromHex(deviceOf('alice')), delivered, read }]
  const bytes = encodeReceipt({
    conversation: fromHex(CONVERSATION),
    epochId: fromHex(EPOCH),
    counter,
    progress,
    own: { seq: 0 },
  })
  const receipt = decodeReceipt(bytes)
  if (!receipt.ok) throw new Error(receipt.reason)
  return alice.apply({
    type: 'receipt',
    device: deviceOf('bob'),
    receipt: receipt.value,
    via: 'mailbox',
    now: alice.now,
  })
}

function states({ after }: Step): AfterEffect[] {
  return after.filter(({ type }) => type === 'state')
}

function fetchOf(fromSeq: number, toSeq: number, counter: number, author = 'alice'): Fetch {
  const bytes = encodeFetch({
    conversation: fromHex(CONVERSATION),
    author: fromHex(deviceOf(author)),
    fromSeq,
    toSeq,
    counter,
  })
  const decoded = decodeFetch(bytes)
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.value
}

describe('message states', () => {
  it('go from queued over sent and delivered to read, with one relay', () => {
    const alice = new Author('alice', TWO)
    alice.compose('one')
    expect(stateOf(alice, 1)).toBe('queued')
    alice.seal()
    expect(stateOf(alice, 1)).toBe('queued')
    expect(states(deposit(alice, 0, 'one'))).toEqual([{ type: 'state', firstSeq: 1, lastSeq: 1, state: 'sent' }])
    expect(stateOf(alice, 1)).toBe('sent')
    expect(states(acknowledge(alice, 1, 1))).toEqual([{ type: 'state', firstSeq: 1, lastSeq: 1, state: 'delivered' }])
    expect(states(acknowledge(alice, 2, 1, 1))).toEqual([{ type: 'state', firstSeq: 1, lastSeq: 1, state: 'read' }])
    expect(stateOf(alice, 1)).toBe('read')
    expect(stateOf(alice, 2)).toBeUndefined()
    expect(stateOf(alice, 0)).toBeUndefined()
  })

  it('are sent only with two relays when there are two or more', () => {
    const alice = new Author('alice', TWO, 3)
    alice.say('one')
    expect(states(deposit(alice, 0, 'one'))).toEqual([])
    expect(states(deposit(alice, 0, 'one'))).toEqual([])
    expect(stateOf(alice, 1)).toBe('queued')
    deposit(alice, 0, 'two')
    expect(stateOf(alice, 1)).toBe('sent')
    alice.apply({ type: 'relays', count: 3 })
    expect(stateOf(alice, 1)).toBe('sent')
  })

  it('go from queued to delivered on a direct path', () => {
    const alice = new Author('alice', TWO)
    alice.say('one')
    const [item] = alice.state.outbox
    if (item !== undefined) alice.apply({ type: 'held', innerId: item.innerId, device: deviceOf('bob') })
    expect(stateOf(alice, 1)).toBe('queued')
    expect(waiting(alice.state)).toEqual([{ innerId: item?.innerId, relays: 0, lacking: [] }])
    expect(acknowledge(alice, 1, 1).persist).toContainEqual({ type: 'release', upTo: 1 })
    expect(stateOf(alice, 1)).toBe('delivered')
  })

  it('are one fact for many messages, each message once', () => {
    const alice = new Author('alice', TWO)
    for (let at = 0; at < 6; at++) alice.compose(`${at}`)
    alice.seal()
    expect(states(acknowledge(alice, 1, 5, 2))).toEqual([
      { type: 'state', firstSeq: 3, lastSeq: 5, state: 'delivered' },
      { type: 'state', firstSeq: 1, lastSeq: 2, state: 'read' },
    ])
    expect(states(deposit(alice, 0, 'one'))).toEqual([{ type: 'state', firstSeq: 6, lastSeq: 6, state: 'sent' }])
  })

  it('never go back, whatever happens in whatever order, also over the disk (seed 20261125)', () => {
    const ranks = ['queued', 'sent', 'delivered', 'read']
    const fact = fc.oneof(
      fc.record({
        type: fc.constant('deposit' as const),
        item: fc.nat(5),
        relay: fc.constantFrom('one', 'two', 'three'),
      }),
      fc.record({
        type: fc.constant('receipt' as const),
        counter: fc.integer({ min: 1, max: 9 }),
        delivered: fc.nat(5),
        read: fc.nat(5),
      }),
      fc.record({ type: fc.constant('relays' as const), count: fc.nat(3) }),
      fc.record({ type: fc.constant('members' as const), isThere: fc.boolean() }),
      fc.record({ type: fc.constant('reload' as const) }),
    )
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 40 }), (facts) => {
        const alice = new Author('alice', TWO, 3)
        for (let at = 0; at < 5; at++) alice.say(`${at}`)
        const before = new Map<number, number>()
        for (const one of facts) {
          if (one.type === 'deposit' && one.item < alice.state.outbox.length) deposit(alice, one.item, one.relay)
          if (one.type === 'receipt') acknowledge(alice, one.counter, one.delivered, Math.min(one.read, one.delivered))
          if (one.type === 'relays') alice.apply({ type: 'relays', count: one.count })
          if (one.type === 'members') {
            const names = one.isThere ? TWO : ['alice']
            const members = names.map((name) => ({
              device: deviceOf(name),
              account: alice.state.devices.find(({ device }) => device === deviceOf(name))?.account ?? never(),
            }))
            alice.apply({ type: 'members', members, epochId: EPOCH })
          }
          if (one.type === 'reload') {
            const decoded = decodeConversation(encodeConversation(alice.state))
            if (decoded.ok) alice.state = decoded.value
          }
          for (let seq = 1; seq <= 5; seq++) {
            const rank = ranks.indexOf(stateOf(alice, seq) ?? '')
            expect(rank).toBeGreaterThanOrEqual(before.get(seq) ?? 0)
            before.set(seq, rank)
          }
        }
      }),
      { seed: 20_261_125, numRuns: 200 },
    )
  })

  it("of others' messages are received, then read", () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    alice.open('bob', bob.say('one'))
    const place = { device: deviceOf('bob'), seq: 1 }
    expect(messageState(alice.state, place)).toBe('received')
    alice.apply({ type: 'read', upTo: [place], direct: false, now: alice.now, jitter: 0 })
    expect(messageState(alice.state, place)).toBe('read')
    expect(messageState(alice.state, { device: deviceOf('bob'), seq: 2 })).toBeUndefined()
    expect(messageState(alice.state, { device: deviceOf('mallory'), seq: 1 })).toBeUndefined()
  })
})

describe('sealing', () => {
  it('takes everything that waits, offers the rest again, and is asked for once per change', () => {
    const alice = new Author('alice', TWO)
    const composed = alice.apply({
      type: 'compose',
      kind: 'text',
      body: fromHex('0a0161'),
      salt: new Uint8Array(32),
      now: 1,
    })
    expect(composed.after.map(({ type }) => type)).toEqual(['shown', 'state', 'seal-wanted'])
    alice.compose('two')
    expect(alice.apply({ type: 'seal-due' }).after).toEqual([{ type: 'seal', firstSeq: 1, lastSeq: 2 }])
    const lastEventId = alice.rows.get(`${deviceOf('alice')}:1`)?.eventId ?? never()
    const innerId = lastEventId as string as Parameters<typeof deposit>[0]['state']['outbox'][number]['innerId']
    const sealed = alice.apply({ type: 'sealed', innerId, firstSeq: 1, lastSeq: 1, lastEventId, again: false, now: 1 })
    expect(sealed.after.map(({ type }) => type)).toEqual(['head-due', 'seal-wanted'])
    expect(unsealed(alice.state)).toEqual({ from: 2, to: 2 })
    alice.seal()
    expect(unsealed(alice.state)).toBeUndefined()
    expect(alice.apply({ type: 'seal-due' }).after).toEqual([])
  })
})

describe('serving', () => {
  const asking = (alice: Author, fetch: Fetch, name = 'bob'): string[] =>
    alice
      .apply({ type: 'fetch', device: deviceOf(name), fetch, now: alice.now })
      .after.map((effect) => (effect.type === 'refused' ? effect.reason : effect.type))

  it('gives what was sealed and not acknowledged, at most every 10 s', () => {
    const alice = new Author('alice', TWO)
    for (let at = 0; at < 5; at++) alice.say(`${at}`)
    acknowledge(alice, 1, 2)
    const { after } = alice.apply({ type: 'fetch', device: deviceOf('bob'), fetch: fetchOf(1, 200, 1), now: alice.now })
    expect(after).toEqual([{ type: 'serve', device: deviceOf('bob'), firstSeq: 3, lastSeq: 5 }])
    expect(asking(alice, fetchOf(1, 9, 2))).toEqual(['too-often'])
    alice.now += 10_000
    expect(asking(alice, fetchOf(1, 9, 1))).toEqual(['stale'])
    expect(asking(alice, fetchOf(1, 9, 2))).toEqual(['serve'])
  })

  it('refuses what is not ours, not there, long acknowledged, or asked by a stranger', () => {
    const alice = new Author('alice', TWO)
    alice.say('one')
    acknowledge(alice, 1, 1)
    const before = alice.state
    expect(asking(alice, fetchOf(1, 1, 1, 'bob'))).toEqual(['not-ours'])
    expect(asking(alice, fetchOf(2, 2, 1))).toEqual(['ahead'])
    expect(asking(alice, fetchOf(1, 1, 1))).toEqual(['stale'])
    expect(asking(alice, fetchOf(1, 1, 1), 'mallory')).toEqual(['not-a-member'])
    expect(asking(alice, { ...fetchOf(1, 1, 1), conversation: fromHex(EPOCH) })).toEqual(['other-conversation'])
    expect(alice.state).toBe(before)
    alice.apply({ type: 'start', boot: 2 })
    expect(asking(alice, fetchOf(1, 1, 1))).toEqual(['not-ready'])
  })
})

describe('time', () => {
  it('is never asked for twice: after a tick the next wake is later (seed 20261125)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 30 }),
        fc.nat(5),
        (drops, jitter) => {
          const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
          for (const [at, drop] of drops.entries()) {
            const seal = alice.say(`${at}`)
            if (drop === 0) continue
            bob.apply({
              type: 'opened',
              sender: deviceOf('alice'),
              seal,
              via: 'mailbox',
              known: [],
              now: bob.now,
              jitter: jitter / 6,
            })
            if (drop === 2) bob.say(`answer ${at}`)
          }
          for (let times = 0; times < 12; times++) {
            const wake = nextWake(bob.state)
            if (wake === undefined) return
            bob.now = Math.max(bob.now, wake)
            bob.tick()
            expect(nextWake(bob.state) ?? Infinity).toBeGreaterThan(bob.now)
          }
        },
      ),
      { seed: 20_261_125, numRuns: 60 },
    )
  })
})

function never(): never {
  throw new Error('This cannot be.')
}
