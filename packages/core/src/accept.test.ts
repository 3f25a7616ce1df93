import { encodeEventHeader, encodeSeal, encodeTextBody, bodyHash, fromHex } from '@sotto/wire'
import { describe, expect, it } from 'vitest'

import { Author, opened } from '../test/author.ts'
import { CONVERSATION, deviceOf, EPOCH, SIGNATURE } from '../test/ids.ts'
import { deliveredOf, findDevice } from './devices.ts'
import { MAX_HELD, visibleGaps } from './index.ts'
import { MAX_LAMPORT, MAX_LAMPORT_LEAP } from './parameters.ts'
import type { CheckedSeal, Step } from './index.ts'

const TWO = ['alice', 'bob']

function refusals({ after }: Step): string[] {
  return after.flatMap((effect) => (effect.type === 'refused' ? [effect.reason] : []))
}

/** What is known of devices, but for who has said two things in one place. */
function devicesOf({ state }: Author): object[] {
  return state.devices.map((record) => ({ ...record, forked: undefined }))
}

/** A seal with one event whose header says what the test wants. */
function forged(
  sender: string,
  header: { seq: number; prev?: string; lamport: number; text?: string; deps?: object[] },
): CheckedSeal {
  const salt = new Uint8Array(32)
  const body = encodeTextBody({ text: header.text ?? 'forged' })
  const encoded = encodeEventHeader({
    conversation: fromHex(CONVERSATION),
    epochId: fromHex(EPOCH),
    device: fromHex(deviceOf(sender)),
    seq: header.seq,
    prev: fromHex(header.prev ?? ''),
    deps: (header.deps ?? []) as { device: Uint8Array; seq: number; eventId: Uint8Array }[],
    lamport: header.lamport,
    kind: 'text',
    bodyHash: bodyHash(salt, body),
  })
  return opened(sender, encodeSeal({ events: [{ header: encoded, salt, body }], signature: SIGNATURE }))
}

describe('accepting', () => {
  it('shows a first message at once and schedules a receipt', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    const stepped = bob.open('alice', alice.say('hello'))
    expect(bob.texts()).toEqual(['hello'])
    expect(stepped.after.map(({ type }) => type)).toEqual(['shown'])
    expect(bob.state.receipts.due).toBe(bob.now + 5_000)
  })

  it('takes the same event again without any change but a receipt and the newer proof', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    const seal = alice.say('once')
    bob.open('alice', seal)
    const before = bob.state
    const again = bob.open('alice', seal)
    const [{ device, proof } = { device: undefined, proof: undefined }] = seal.events
    expect(again.persist).toEqual([{ type: 'prove-event', device, seq: 1, proof }])
    expect(again.after).toEqual([])
    expect(bob.state.devices).toEqual(before.devices)
  })

  it('refuses another event at a place that is taken, also when it is older than what the state remembers', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    for (let at = 0; at < 40; at++) bob.open('alice', alice.say(`message ${at}`))
    const before = bob.state
    const first = bob.rows.get(`${deviceOf('alice')}:1`)
    expect(refusals(bob.open('alice', forged('alice', { seq: 1, lamport: 1 })))).toEqual(['equivocation'])
    expect(refusals(bob.open('alice', forged('alice', { seq: 2, prev: first?.eventId ?? '', lamport: 2 })))).toEqual([
      'equivocation',
    ])
    expect(devicesOf(bob)).toEqual(before.devices)
    expect(findDevice(bob.state, deviceOf('alice'))?.forked).toBe(1)
  })

  it('says so when the caller did not look up what it was asked for', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    const first = alice.say('first')
    bob.open('alice', first)
    for (let at = 0; at < 20; at++) bob.open('alice', alice.say(`${at}`))
    bob.rows.clear()
    expect(refusals(bob.open('alice', first))).toEqual(['before-lookup'])
  })

  it('refuses a chain that does not continue the one that is here', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    bob.open('alice', alice.say('first'))
    const before = bob.state
    const wrong = forged('alice', { seq: 2, prev: deviceOf('other'), lamport: 2 })
    expect(refusals(bob.open('alice', wrong))).toEqual(['broken-chain'])
    expect(devicesOf(bob)).toEqual(before.devices)
    expect(findDevice(bob.state, deviceOf('alice'))?.forked).toBe(2)
    const again = bob.state
    bob.open('alice', wrong)
    expect(bob.state).toBe(again)
  })

  it.each([1, 3, 4_294_967_295])('reckons an event’s lamport number itself: 2, where its author says %d', (lamport) => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    bob.open('alice', alice.say('first'))
    const prev = bob.rows.get(`${deviceOf('alice')}:1`)?.eventId ?? ''
    const stepped = bob.open('alice', forged('alice', { seq: 2, prev, lamport }))
    expect(refusals(stepped)).toEqual([])
    expect(bob.rows.get(`${deviceOf('alice')}:2`)).toMatchObject({ lamport: 2, shown: 1 })
    expect(stepped.after).toContainEqual({ type: 'shown', events: [expect.objectContaining({ lamport: 2 })] })
    expect(bob.compose('mine').lamport).toBe(3)
  })

  it('counts from the floor of the epoch that an event names, and believes its author where that one is not known', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    bob.open('alice', {
      ...alice.say('first'),
      events: alice.sealOf(1, 1).events.map((event) => ({ ...event, floor: 40 })),
    })
    expect(bob.rows.get(`${deviceOf('alice')}:1`)?.lamport).toBe(41)
    alice.compose('second')
    const [second] = alice.sealOf(2, 2).events
    if (second === undefined) throw new Error('nothing sealed')
    const unknown = { ...second, floor: undefined, lamport: 90 }
    bob.open('alice', { ...alice.sealOf(2, 2), events: [unknown] })
    expect(bob.compose('mine').lamport).toBe(91)
  })

  it('goes on when the numbers have come to their end', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    const [last] = alice.say('last').events
    if (last === undefined) throw new Error('nothing said')
    bob.open('alice', { ...alice.sealOf(1, 1), events: [{ ...last, floor: MAX_LAMPORT }] })
    expect([bob.compose('mine').lamport, bob.compose('and more').lamport]).toEqual([MAX_LAMPORT, MAX_LAMPORT])
    expect(refusals(alice.open('bob', bob.seal()))).toEqual([])
  })

  it('refuses somebody who is not in the conversation', () => {
    const bob = new Author('bob', TWO)
    const before = bob.state
    expect(refusals(bob.open('mallory', forged('mallory', { seq: 1, lamport: 1 })))).toEqual(['not-a-member'])
    expect(bob.state).toBe(before)
  })

  it('retires when an own event comes back that this store never made', () => {
    const bob = new Author('bob', TWO)
    const own = bob.say('mine')
    expect(bob.open('bob', own).after).toEqual([])
    const prev = own.events[0]?.eventId ?? ''
    expect(bob.open('bob', forged('bob', { seq: 2, prev, lamport: 2 })).after).toEqual([{ type: 'retire' }])
    expect(bob.state.rollback.stage).toBe('retired')
  })

  it('holds what comes too early, shows it after 60 s as a gap, and fills the gap in place', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    const seals = ['one', 'two', 'three'].map((text) => alice.say(text))
    bob.open('alice', seals[2] ?? alice.seal())
    expect(bob.texts()).toEqual([])
    bob.tick(59_999)
    expect(bob.texts()).toEqual([])
    expect(visibleGaps(bob.state)).toEqual([])
    expect(bob.tick(1).after.map(({ type }) => type)).toContain('gaps')
    expect(bob.texts()).toEqual(['three'])
    expect(visibleGaps(bob.state)).toMatchObject([
      { author: deviceOf('alice'), from: 1, to: 2, before: { lamport: 3 } },
    ])
    bob.open('alice', seals[0] ?? alice.seal())
    bob.open('alice', seals[1] ?? alice.seal())
    expect(bob.texts()).toEqual(['one', 'two', 'three'])
    expect(visibleGaps(bob.state)).toEqual([])
  })

  it('lends no lamport number and cites nothing before it is settled', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    alice.say('lost')
    bob.open('alice', alice.say('late'))
    bob.tick(60_000)
    expect(bob.texts()).toEqual(['late'])
    expect(bob.compose('mine').lamport).toBe(1)
  })

  it('puts an event where it belongs when its gap is filled, wherever its author wanted it', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    const first = alice.say('first')
    const prev = first.events[0]?.eventId ?? ''
    bob.open('alice', forged('alice', { seq: 2, prev, lamport: 9, text: 'at the end' }))
    bob.tick(60_000)
    expect(bob.texts()).toEqual(['at the end'])
    const stepped = bob.open('alice', first)
    expect(bob.texts()).toEqual(['first', 'at the end'])
    const place = { device: deviceOf('alice'), seq: 2 }
    expect(stepped.persist).toContainEqual({ type: 'number-event', ...place, lamport: 2 })
    expect(findDevice(bob.state, deviceOf('alice'))?.head).toMatchObject({ seq: 2, lamport: 2 })
  })

  it('never shows something before what it names, though it has waited longer', () => {
    const names = ['alice', 'bob', 'carol']
    const [alice, bob, carol] = [new Author('alice', names), new Author('bob', names), new Author('carol', names)]
    const [lost, late] = [alice.say('lost'), alice.say('late')]
    bob.open('alice', lost)
    bob.open('alice', late)
    const answer = bob.say('answer')
    carol.open('bob', answer)
    carol.tick(59_000)
    carol.open('alice', late)
    carol.tick(1_000)
    expect(carol.texts()).toEqual(['late', 'answer'])
  })

  it('keeps at most 1,000 held events for each device and asks for the others later', () => {
    const [alice, bob] = [new Author('alice', TWO), new Author('bob', TWO)]
    const first = alice.say('first')
    for (let at = 0; at < MAX_HELD + 5; at++) alice.compose(`${at}`)
    for (let seq = 2; seq <= MAX_HELD + 6; seq++) bob.open('alice', alice.sealOf(seq, seq))
    const held = findDevice(bob.state, deviceOf('alice'))
    expect(held?.held.length).toBe(MAX_HELD)
    expect(held?.claimed).toBe(MAX_HELD + 6)
    bob.open('alice', first)
    const caught = findDevice(bob.state, deviceOf('alice'))
    expect(caught === undefined ? 0 : deliveredOf(caught)).toBe(MAX_HELD + 1)
    expect(caught?.missing).toMatchObject({ from: MAX_HELD + 2, to: MAX_HELD + 6 })
  })

  it('believes the number of an event that names another one than is here in that place, within bounds', () => {
    const names = ['alice', 'bob', 'carol']
    const saysWith = (lamport: number): [Author, Step] => {
      const bob = new Author('bob', names)
      bob.open('alice', new Author('alice', names).say('true'))
      const deps = [{ device: fromHex(deviceOf('alice')), seq: 1, eventId: fromHex(deviceOf('not that')) }]
      return [bob, bob.open('carol', forged('carol', { seq: 1, lamport, deps, text: 'stands on another' }))]
    }
    for (const lamport of [1, MAX_LAMPORT_LEAP, MAX_LAMPORT_LEAP + 1, MAX_LAMPORT]) {
      const [bob, stepped] = saysWith(lamport)
      expect(refusals(stepped)).toEqual([])
      expect(bob.texts()).toContain('stands on another')
      expect(bob.compose('mine').lamport).toBe(Math.min(lamport, MAX_LAMPORT_LEAP) + 1)
    }
  })

  it('believes what names an event behind another one than is here, once that has been shown', () => {
    const names = ['bob', 'carol', 'mallory']
    const [bob, carol, mallory] = [new Author('bob', names), new Author('carol', names), new Author('mallory', names)]
    const forBob = [mallory.say('for Bob'), mallory.say('and more for him')]
    for (const seal of forBob) bob.open('mallory', seal)
    carol.open('mallory', new Author('mallory', names).say('for Carol'))
    carol.open('bob', bob.say('about that'))
    expect(carol.texts()).toEqual(['for Carol'])
    const [, second] = forBob
    expect(second === undefined ? [] : refusals(carol.open('mallory', second))).toEqual(['broken-chain'])
    expect(carol.texts()).toEqual(['for Carol', 'about that'])
    expect(carol.compose('mine').lamport).toBe(4)
  })

  it('goes on with everybody who has got another event than it has in some place, however long they talk', () => {
    const names = ['bob', 'carol', 'mallory']
    const [bob, carol] = [new Author('bob', names), new Author('carol', names)]
    bob.open('mallory', new Author('mallory', names).say('for Bob'))
    carol.open('mallory', new Author('mallory', names).say('and for Carol'))
    for (let at = 0; at < MAX_HELD + 5; at++) expect(refusals(carol.open('bob', bob.say(`${at}`)))).toEqual([])
    expect(carol.texts()).toHaveLength(MAX_HELD + 6)
    const answer = carol.say('I hear you')
    expect(refusals(bob.open('carol', answer))).toEqual([])
    expect(bob.texts().at(-1)).toBe('I hear you')
  })
})
