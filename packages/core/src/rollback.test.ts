import {
  decodeHeadRecord,
  decodeReceipt,
  encodeHeadRecord,
  encodeReceipt,
  fromHex,
  type HeadRecord,
  type Receipt,
} from '@sotto/wire'
import { describe, expect, it } from 'vitest'

import { Author } from '../test/author.ts'
import { CONVERSATION, deviceOf, EPOCH, relayOf } from '../test/ids.ts'
import { ConversationError, maySeal, nextWake } from './index.ts'
import type { ConversationState, Source, Step } from './index.ts'

const TWO = ['alice', 'bob']

function record(
  boot: number,
  seals: number,
  seq: number,
  eventId: string,
  conversation: string = CONVERSATION,
): HeadRecord {
  const own = { seq, eventId: fromHex(seq === 0 ? '' : eventId) }
  const decoded = decodeHeadRecord(encodeHeadRecord({ conversation: fromHex(conversation), boot, seals, own }))
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.value
}

function answer(author: Author, source: Source, value?: HeadRecord): Step {
  return author.apply({ type: 'head-record', source, record: value, known: [], now: author.now })
}

function stored(author: Author, source: Source): Step {
  const { boot, seals } = author.state.rollback
  return author.apply({ type: 'head-stored', boot, seals, source, now: author.now })
}

const relay = (name: string): Source => ({ relay: relayOf(name) })
const types = ({ after }: Step): string[] => after.map(({ type }) => type)

/** Alice in her second start, with three sealed messages and one that waits. */
function restarted(relays = 1): Author {
  const alice = new Author('alice', TWO, relays)
  for (let at = 0; at < 3; at++) alice.say(`${at}`)
  alice.compose('waits')
  alice.apply({ type: 'flush', now: alice.now })
  alice.apply({ type: 'start', boot: 2 })
  return alice
}

/** Bob's word that he has our events up to there. */
function receiptFor(delivered: number): Receipt {
  const progress = [{ device: fromHex(deviceOf('alice')), delivered }]
  const decoded = decodeReceipt(
    encodeReceipt({
      conversation: fromHex(CONVERSATION),
      epochId: fromHex(EPOCH),
      counter: 1,
      progress,
      own: { seq: 0 },
    }),
  )
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.value
}

function idAt(alice: Author, seq: number): string {
  return alice.rows.get(`${deviceOf('alice')}:${seq}`)?.eventId ?? ''
}

describe('the check against a rolled-back store', () => {
  it('lets a new conversation seal at once and has its first head record stored', () => {
    const alice = new Author('alice', TWO)
    alice.compose('first')
    alice.seal()
    expect(alice.state.rollback.handed).toMatchObject({ boot: 1, seals: 1 })
  })

  it('seals nothing after a start until a relay was read and a new head record is stored', () => {
    const alice = restarted()
    expect(alice.apply({ type: 'seal-due' }).after).toEqual([])
    expect(types(alice.tick(1_000_000))).not.toContain('seal-wanted')
    const read = answer(alice, relay('one'), record(1, 3, 3, idAt(alice, 3)))
    expect(read.after).toMatchObject([{ type: 'head-due', boot: 2, seals: 3 }])
    expect(maySeal(alice.state)).toBe(false)
    expect(types(stored(alice, relay('one')))).toEqual(['seal-wanted'])
    expect(types(alice.apply({ type: 'seal-due' }))).toEqual(['seal'])
  })

  it('takes an empty control lane as an answer', () => {
    const alice = restarted()
    expect(types(answer(alice, relay('one')))).toEqual(['head-due'])
  })

  it('reads k - w + 1 relays and stores at w of them', () => {
    const alice = restarted(3)
    expect(types(answer(alice, relay('one')))).toEqual([])
    expect(types(answer(alice, relay('one')))).toEqual([])
    expect(types(answer(alice, relay('two')))).toEqual(['head-due'])
    expect(types(stored(alice, relay('one')))).toEqual([])
    expect(types(stored(alice, relay('one')))).toEqual([])
    expect(types(stored(alice, relay('two')))).toEqual(['seal-wanted'])
  })

  it('goes on when the conversation has fewer relays than before', () => {
    const alice = restarted(3)
    answer(alice, relay('one'))
    alice.apply({ type: 'relays', count: 1 })
    expect(types(alice.tick())).toEqual(['head-due'])
  })

  it('takes the word of a member that gives our own record back, once the relays have been silent for 30 s', () => {
    const alice = restarted()
    const source = { device: deviceOf('bob') }
    expect(types(answer(alice, source))).toEqual([])
    alice.tick(30_000)
    expect(alice.state.rollback.stage).toBe('checking')
    expect(types(answer(alice, source, record(1, 3, 3, idAt(alice, 3))))).toEqual([])
    expect(nextWake(alice.state)).toBe(alice.now + 30_000)
    expect(types(alice.tick(29_999))).toEqual([])
    expect(types(alice.tick(1))).toEqual(['head-due'])
    expect(types(stored(alice, source))).toEqual(['seal-wanted'])
  })

  it.each([
    ['direct', ['head-due']],
    ['mailbox', []],
  ] as const)('takes a receipt that came by %s path for what it is', (via, expected) => {
    const alice = restarted()
    alice.apply({ type: 'receipt', device: deviceOf('bob'), receipt: receiptFor(3), via, now: alice.now })
    expect(types(alice.tick(30_000))).toEqual(expected)
  })

  it('has the new head record at relays that answer, before a device that holds it is enough', () => {
    const alice = restarted()
    answer(alice, relay('one'))
    expect(types(stored(alice, { device: deviceOf('bob') }))).toEqual([])
    expect(nextWake(alice.state)).toBe(alice.now + 30_000)
    expect(types(alice.tick(30_000))).toEqual(['seal-wanted'])
  })

  describe('with two relays of which one is dead', () => {
    const held = (alice: Author, boot = 1): HeadRecord => record(boot, 3, 3, idAt(alice, 3))

    it('goes on at once when the other device has given the record back, and holds the new one', () => {
      const alice = restarted(2)
      const bob = { device: deviceOf('bob') }
      expect(types(answer(alice, relay('one'), held(alice)))).toEqual([])
      expect(types(answer(alice, bob, held(alice)))).toEqual(['head-due'])
      expect(types(stored(alice, bob))).toEqual([])
      expect(types(stored(alice, relay('one')))).toEqual(['seal-wanted'])
    })

    it('reads both when nobody else is there, before it hands a record out', () => {
      const alice = restarted(2)
      expect(types(answer(alice, relay('one'), held(alice)))).toEqual([])
      expect(types(alice.tick(3_600_000))).toEqual([])
      expect(types(answer(alice, relay('two')))).toEqual(['head-due'])
      expect(types(stored(alice, relay('one')))).toEqual([])
      expect(types(stored(alice, relay('two')))).toEqual(['seal-wanted'])
    })

    it('is not taken in by a record with its own numbers that lies with the other device, or at the other relay', () => {
      for (const source of [{ device: deviceOf('bob') }, relay('two')]) {
        const alice = restarted(2)
        answer(alice, relay('one'), held(alice))
        expect(types(answer(alice, source, held(alice, 2)))).toEqual(['retire'])
      }
    })

    it('waits for every other device, or 30 s', () => {
      const alice = new Author('alice', ['alice', 'bob', 'carol'], 2)
      alice.say('one')
      alice.apply({ type: 'start', boot: 2 })
      const before = record(1, 1, 1, idAt(alice, 1))
      const [bob, carol] = [{ device: deviceOf('bob') }, { device: deviceOf('carol') }]
      answer(alice, relay('one'), before)
      expect(types(answer(alice, bob, before))).toEqual([])
      const late = new Author('alice', ['alice', 'bob', 'carol'], 2)
      late.state = alice.state
      expect(types(answer(alice, carol, before))).toEqual(['head-due'])
      stored(alice, relay('one'))
      stored(alice, bob)
      expect(maySeal(alice.state)).toBe(false)
      stored(alice, carol)
      expect(maySeal(alice.state)).toBe(true)
      expect(types(late.tick(29_999))).toEqual([])
      expect(types(late.tick(1))).toEqual(['head-due'])
      stored(late, bob)
      expect(maySeal(late.state)).toBe(true)
    })

    it('takes no word of members into account when one of them claims more than there is', () => {
      const alice = restarted(2)
      answer(alice, relay('one'), held(alice))
      alice.apply({
        type: 'receipt',
        device: deviceOf('bob'),
        via: 'direct',
        now: alice.now,
        receipt: receiptFor(9),
      })
      expect(types(answer(alice, { device: deviceOf('bob') }, held(alice)))).toEqual([])
      expect(types(alice.tick(60_000))).toEqual([])
    })
  })

  it('with three relays, one and the other device are not enough', () => {
    const alice = restarted(3)
    const bob = { device: deviceOf('bob') }
    const before = record(1, 3, 3, idAt(alice, 3))
    answer(alice, bob, before)
    expect(types(answer(alice, relay('one'), before))).toEqual([])
    expect(types(answer(alice, relay('two'), before))).toEqual(['head-due'])
    stored(alice, relay('one'))
    expect(types(stored(alice, bob))).toEqual([])
  })

  it('does not take the word of a stranger or of itself', () => {
    const alice = restarted()
    const held = record(1, 3, 3, idAt(alice, 3))
    for (const name of ['mallory', 'alice']) {
      answer(alice, { device: deviceOf(name) }, held)
      expect(types(alice.tick(60_000))).toEqual([])
    }
    answer(alice, relay('one'))
    for (const name of ['mallory', 'alice']) {
      stored(alice, { device: deviceOf(name) })
      expect(maySeal(alice.state)).toBe(false)
    }
  })

  it.each([
    ['a later start', (alice: Author) => record(2, 3, 3, idAt(alice, 3))],
    ['more seals', (alice: Author) => record(1, 4, 3, idAt(alice, 3))],
    ['a later event', () => record(1, 3, 5, EPOCH)],
    ['another event at a place', () => record(1, 3, 2, EPOCH)],
  ])('retires the device when a head record has %s', (_, make) => {
    const alice = restarted()
    const stepped = answer(alice, relay('one'), make(alice))
    expect(types(stepped)).toEqual(['retire'])
    answer(alice, relay('one'))
    stored(alice, relay('one'))
    expect(types(alice.apply({ type: 'start', boot: 9 }))).toEqual(['retire'])
    answer(alice, relay('one'))
    expect(alice.state.rollback.stage).toBe('retired')
    expect(maySeal(alice.state)).toBe(false)
  })

  it('is not outrun by an old copy that is started often', () => {
    const alice = restarted()
    alice.apply({ type: 'start', boot: 3 })
    expect(types(answer(alice, relay('one'), record(2, 3, 3, idAt(alice, 3))))).toEqual(['retire'])
  })

  it('finds the running copy of a store too, after the check', () => {
    const alice = restarted()
    answer(alice, relay('one'))
    stored(alice, relay('one'))
    expect(types(answer(alice, relay('one'), record(2, 3, 4, idAt(alice, 4))))).toEqual([])
    expect(types(answer(alice, relay('one'), record(2, 4, 4, EPOCH)))).toEqual(['retire'])
  })

  it('believes no receipt that speaks of more than this store has, nor that member about our head', () => {
    const alice = restarted()
    const heard = { type: 'receipt', device: deviceOf('bob'), via: 'direct', now: alice.now } as const
    alice.apply({ ...heard, receipt: receiptFor(3) })
    alice.apply({ ...heard, receipt: receiptFor(9) })
    expect(alice.state.rollback).toMatchObject({ stage: 'checking', doubted: true })
    const held = record(1, 3, 3, idAt(alice, 3))
    answer(alice, { device: deviceOf('bob') }, held)
    expect(types(alice.tick(60_000))).toEqual([])
    expect(types(answer(alice, relay('one'), held))).toEqual(['head-due'])
  })

  it('refuses records of other conversations and asks the store for old places', () => {
    const alice = new Author('alice', TWO)
    for (let at = 0; at < 40; at++) alice.say(`${at}`)
    alice.apply({ type: 'flush', now: alice.now })
    alice.apply({ type: 'start', boot: 2 })
    expect(answer(alice, relay('one'), record(1, 1, 1, EPOCH, EPOCH)).after).toEqual([
      { type: 'refused', reason: 'other-conversation' },
    ])
    const rows = new Map(alice.rows)
    alice.rows.clear()
    const old = record(1, 2, 2, rows.get(`${deviceOf('alice')}:2`)?.eventId ?? '')
    expect(answer(alice, relay('one'), old).after).toEqual([{ type: 'refused', reason: 'before-lookup' }])
    for (const [place, row] of rows) alice.rows.set(place, row)
    expect(types(answer(alice, relay('one'), old))).toEqual(['head-due'])
  })

  it('has a new head record stored every five minutes while messages are sealed, and at a flush', () => {
    const alice = new Author('alice', TWO)
    const handed = (): ConversationState['rollback']['handed'] => alice.state.rollback.handed
    alice.say('one')
    alice.say('two')
    expect(handed()?.seals).toBe(1)
    alice.tick(299_999)
    expect(handed()?.seals).toBe(1)
    expect(types(alice.tick(1))).toEqual(['head-due'])
    alice.say('three')
    expect(types(alice.apply({ type: 'flush', now: alice.now }))).toEqual(['head-due'])
    expect(handed()?.seals).toBe(3)
    alice.apply({ type: 'committed', now: alice.now })
    expect(alice.state.rollback.seals).toBe(4)
    expect(types(alice.tick(300_000))).toEqual(['head-due'])
    expect(alice.tick(300_000).after).toEqual([])
  })

  it('throws when the caller seals out of turn or starts without counting', () => {
    const alice = restarted()
    const seal = { type: 'sealed', innerId: EPOCH, lastEventId: idAt(alice, 4), again: false, now: 0 } as const
    const sealed = { ...seal, innerId: seal.innerId as never, lastEventId: seal.lastEventId as never }
    expect(() => alice.apply({ ...sealed, firstSeq: 4, lastSeq: 4 })).toThrow(ConversationError)
    expect(() => alice.apply({ type: 'start', boot: 2 })).toThrow(ConversationError)
    answer(alice, relay('one'))
    stored(alice, relay('one'))
    expect(() => alice.apply({ ...sealed, firstSeq: 3, lastSeq: 4 })).toThrow(ConversationError)
    expect(() => alice.apply({ ...sealed, firstSeq: 4, lastSeq: 5 })).toThrow(ConversationError)
    alice.apply({ ...sealed, firstSeq: 4, lastSeq: 4 })
    expect(alice.state.sealed.seq).toBe(4)
  })

  it("keeps others' head records and gives them back when they connect", () => {
    const alice = new Author('alice', TWO)
    const device = deviceOf('bob')
    const put = (boot: number, seals: number, byte: number): Step =>
      alice.apply({
        type: 'peer-head',
        device,
        record: record(boot, seals, 0, ''),
        signed: Uint8Array.of(byte),
        now: 0,
      })
    put(1, 5, 1)
    put(2, 1, 2)
    expect(put(1, 9, 3).after).toEqual([{ type: 'refused', reason: 'stale' }])
    const { after } = alice.apply({ type: 'connected', device, now: alice.now })
    expect(after).toContainEqual({ type: 'echo-head', device, signed: Uint8Array.of(2) })
    expect(alice.apply({ type: 'connected', device: deviceOf('mallory'), now: 0 }).after).toEqual([
      { type: 'refused', reason: 'not-a-member' },
    ])
  })
})
