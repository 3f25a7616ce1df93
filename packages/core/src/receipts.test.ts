import type { ThingId } from '@sotto/interface'
import { decodeReceipt, encodeReceipt, fromHex, MAX_LACKING, type Receipt } from '@sotto/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Author } from '../test/author.ts'
import { accountOf, CONVERSATION, deviceOf, EPOCH } from '../test/ids.ts'
import { decodeConversation, encodeConversation, messageState, nextWake } from './index.ts'
import type { Step } from './index.ts'
import { joinAcknowledged } from './receipts.ts'

const TWO = ['alice', 'bob']

const word = fc
  .record({ counter: fc.nat(50), delivered: fc.nat(50), read: fc.nat(50), control: fc.nat(50) })
  .map(({ read, ...rest }) => ({ ...rest, read: Math.min(read, rest.delivered) }))

function receiptOf({ persist }: Step): Receipt | undefined {
  for (const effect of persist) {
    if (effect.type !== 'receipt-due') continue
    const decoded = decodeReceipt(effect.body)
    if (decoded.ok) return decoded.value
  }
  return undefined
}

function receipt(counter: number, delivered: number, read: number, own = 0, ownId = ''): Receipt {
  const bytes = encodeReceipt({
    conversation: fromHex(CONVERSATION),
    epochId: fromHex(EPOCH),
    counter,
    progress: [{ device: fromHex(deviceOf('alice')), delivered, read }],
    own: { seq: own, eventId: fromHex(ownId) },
  })
  const decoded = decodeReceipt(bytes)
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.value
}

function hear(alice: Author, value: Receipt, device = deviceOf('bob')): Step {
  return alice.apply({ type: 'receipt', device, receipt: value, via: 'mailbox', now: alice.now })
}

describe("joining others' receipts (seed 20261125)", () => {
  it('is commutative, associative, idempotent and never lowers anything', () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(joinAcknowledged(a, b)).toEqual(joinAcknowledged(b, a))
        expect(joinAcknowledged(joinAcknowledged(a, b), c)).toEqual(joinAcknowledged(a, joinAcknowledged(b, c)))
        expect(joinAcknowledged(a, a)).toEqual(a)
        const joined = joinAcknowledged(a, b)
        for (const key of ['counter', 'delivered', 'read', 'control'] as const) {
          expect(joined[key]).toBeGreaterThanOrEqual(Math.max(a[key], b[key]))
        }
      }),
      { seed: 20_261_125 },
    )
  })

  it('gives the same state in whatever order they come, and no message state goes back on the way', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), (order) => {
        const alice = new Author('alice', TWO)
        for (let at = 0; at < 5; at++) alice.say(`${at}`)
        const ranks = ['queued', 'sent', 'delivered', 'read']
        let before = 0
        for (const at of order) {
          hear(alice, receipt(at + 1, at, Math.max(0, at - 1)))
          const rank = ranks.indexOf(messageState(alice.state, { device: deviceOf('alice'), seq: 1 }) ?? '')
          expect(rank).toBeGreaterThanOrEqual(before)
          before = rank
        }
        expect(alice.state.devices.find(({ device }) => device === deviceOf('bob'))?.acknowledged).toEqual({
          counter: 6,
          delivered: 5,
          read: 4,
          control: 0,
        })
      }),
      { seed: 20_261_125 },
    )
  })
})

describe("others' receipts", () => {
  it('are refused from strangers, for other conversations and when they claim what was never sealed', () => {
    const alice = new Author('alice', TWO)
    alice.say('one')
    const before = alice.state
    const other: Receipt = { ...receipt(1, 1, 1), conversation: fromHex(EPOCH) }
    const reasons = [
      hear(alice, receipt(1, 1, 1), deviceOf('mallory')),
      hear(alice, receipt(1, 1, 1), deviceOf('alice')),
      hear(alice, other),
      hear(alice, receipt(1, 2, 0)),
    ].map(({ after }) => after.map((effect) => (effect.type === 'refused' ? effect.reason : effect.type)))
    expect(reasons).toEqual([['not-a-member'], ['not-a-member'], ['other-conversation'], ['ahead']])
    expect(alice.state).toBe(before)
  })

  it('release the outbox only when every live device has the events', () => {
    const names = ['alice', 'bob', 'carol']
    const alice = new Author('alice', names)
    alice.say('one')
    expect(hear(alice, receipt(1, 1, 0)).persist).toEqual([
      { type: 'put-receipt', device: deviceOf('bob'), counter: 1 },
    ])
    expect(alice.state.outbox).toHaveLength(1)
    const last = hear(alice, receipt(1, 1, 0), deviceOf('carol'))
    expect(last.persist).toContainEqual({ type: 'release', upTo: 1 })
    expect(alice.state.outbox).toEqual([])
  })

  it('tell of events that never came: asked for after 10 s, then twice as rarely each time, and a visible gap after 60 s', () => {
    const alice = new Author('alice', TWO)
    hear(alice, receipt(1, 0, 0, 3, deviceOf('some event')))
    const asked: number[] = []
    const start = alice.now
    for (let wake = nextWake(alice.state); wake !== undefined && wake < start + 300_000; wake = nextWake(alice.state)) {
      alice.now = wake
      const { after } = alice.tick()
      if (after.some(({ type }) => type === 'fetch')) asked.push(alice.now - start)
    }
    expect(asked).toEqual([10_000, 40_000, 100_000, 220_000])
    expect(alice.state.devices.find(({ device }) => device === deviceOf('bob'))?.declared).toBe(3)
  })

  it('that name another event than ours at a place say that somebody lies', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    alice.open('bob', bob.say('true'))
    const stepped = hear(alice, receipt(1, 0, 0, 1, deviceOf('other')))
    expect(stepped.after).toEqual([{ type: 'refused', reason: 'equivocation' }])
  })
})

describe('own receipts', () => {
  it('go out at once on a direct path and say what is stored and read', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    bob.compose('unsealed')
    const direct = receiptOf(bob.open('alice', alice.say('one'), 'direct'))
    expect(direct?.progress.map(({ delivered, read }) => [delivered, read])).toEqual([[1, 0]])
    expect(direct?.own?.seq).toBe(0)
    const upTo = [{ device: deviceOf('alice'), seq: 99 }]
    const read = receiptOf(bob.apply({ type: 'read', upTo, direct: true, now: bob.now, jitter: 0 }))
    expect(read?.progress.map(({ delivered, read: seen }) => [delivered, seen])).toEqual([[1, 1]])
    expect(read?.counter).toBe(2)
  })

  it.each([
    [0, 5_000],
    [0.5, 32_500],
    [0.999_999, 60_000],
  ])('wait for company elsewhere: jitter %d gives %d ms', (jitter, wait) => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    const seal = alice.say('one')
    bob.apply({ type: 'opened', sender: deviceOf('alice'), seal, via: 'mailbox', known: [], now: bob.now, jitter })
    expect(nextWake(bob.state)).toBe(bob.now + wait)
    expect(receiptOf(bob.tick(wait - 1))).toBeUndefined()
    bob.open('alice', alice.say('two'))
    expect(receiptOf(bob.tick(1))?.progress[0]?.delivered).toBe(2)
    expect(bob.state.receipts.due).toBeUndefined()
  })

  it('stay here until the conversation was accepted', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    bob.apply({ type: 'receipts', on: false, now: bob.now })
    expect(receiptOf(bob.open('alice', alice.say('hello'), 'direct'))).toBeUndefined()
    expect(receiptOf(bob.tick(100_000))).toBeUndefined()
    expect(receiptOf(bob.apply({ type: 'connected', device: deviceOf('alice'), now: bob.now }))).toBeUndefined()
    bob.apply({ type: 'receipts', on: true, now: bob.now })
    expect(receiptOf(bob.apply({ type: 'flush', now: bob.now }))?.progress[0]?.delivered).toBe(1)
  })

  it('and requests for missing events stay here alike', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    bob.apply({ type: 'receipts', on: false, now: bob.now })
    alice.say('lost')
    bob.open('alice', alice.say('late'))
    expect(bob.tick(3_600_000).after.map(({ type }) => type)).toEqual(['shown', 'gaps'])
    expect(nextWake(bob.state)).toBeUndefined()
    bob.apply({ type: 'receipts', on: true, now: bob.now })
    expect(bob.tick().after.map(({ type }) => type)).toEqual(['fetch'])
  })

  it('do not say that an event is delivered while one before it is missing', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    alice.say('lost')
    const late = receiptOf(bob.open('alice', alice.say('late'), 'direct'))
    expect(late?.progress).toEqual([])
  })

  it('ask for control things that are not here, and leave for it only when there is one more', () => {
    const bob = new Author('bob', TWO)
    const [one, two] = ['a1'.repeat(32), 'b2'.repeat(32)].map((id) => id as ThingId)
    if (one === undefined || two === undefined) throw new Error('no ids')
    const lack = (...things: ThingId[]): unknown =>
      bob.apply({ type: 'lacking', things, now: bob.now, jitter: 0 }) && bob.state.receipts.due
    expect(lack()).toBeUndefined()
    expect(lack(one, two)).toBe(bob.now + 5_000)
    expect(receiptOf(bob.tick(5_000))?.lacking).toEqual([fromHex(one), fromHex(two)])
    expect(lack(two)).toBeUndefined()
    expect(lack(two, one)).toBe(bob.now + 5_000)
    expect(decodeConversation(encodeConversation(bob.state))).toEqual({ ok: true, value: bob.state })
    expect(lack()).toBe(bob.now + 5_000)
    expect(receiptOf(bob.tick(5_000))?.lacking).toEqual([])
  })

  it('ask for no more than a receipt may', () => {
    const bob = new Author('bob', TWO)
    const things = Array.from({ length: 40 }, (_, at) => at.toString(16).padStart(64, '0') as ThingId)
    bob.apply({ type: 'lacking', things, now: bob.now, jitter: 0 })
    expect(receiptOf(bob.tick(60_000))?.lacking).toHaveLength(MAX_LACKING)
  })

  it('survive a wall clock that jumps back', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    bob.open('alice', alice.say('one'))
    bob.now -= 3_600_000
    expect(receiptOf(bob.tick())?.progress[0]?.delivered).toBe(1)
    expect(bob.state.receipts.due).toBeUndefined()
  })
})

describe('the receipt of whoever came in later', () => {
  it('says nothing of what a person there could not read, nor of what only a committer speaks of', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', ['bob'])]
    for (const text of ['1', '2', '3', '4', '5', '6']) alice.say(text)
    const start = [{ account: accountOf('alice'), device: deviceOf('alice'), seq: 5 }]
    const roster = TWO.map((name) => ({ device: deviceOf(name), account: accountOf(name) }))
    bob.apply({ type: 'members', members: roster, epochId: EPOCH, start })
    const connected = bob.apply({ type: 'connected', device: deviceOf('alice'), now: bob.now })
    expect(receiptOf(connected)?.progress).toEqual([])
    const opened = bob.open('alice', alice.sealOf(6, 6), 'direct')
    expect(receiptOf(opened)?.progress).toMatchObject([{ delivered: 6, read: 0 }])
  })

  it('leaves unread what came before they were out and was not read then', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    for (const text of ['one', 'two', 'three']) bob.open('alice', alice.say(text))
    bob.apply({ type: 'read', upTo: [{ device: deviceOf('alice'), seq: 1 }], direct: false, now: bob.now, jitter: 0 })
    const start = [{ account: accountOf('alice'), device: deviceOf('alice'), seq: 9 }]
    const roster = TWO.map((name) => ({ device: deviceOf(name), account: accountOf(name) }))
    bob.apply({ type: 'members', members: roster, epochId: EPOCH, start })
    const stateOf = (seq: number): string | undefined => messageState(bob.state, { device: deviceOf('alice'), seq })
    expect([1, 2, 3].map(stateOf)).toEqual(['read', 'received', 'received'])
    for (let seq = 4; seq <= 10; seq++) alice.say(String(seq))
    const opened = bob.open('alice', alice.sealOf(10, 10), 'direct')
    expect(receiptOf(opened)?.progress).toMatchObject([{ delivered: 10, read: 0 }])
  })
})
