import { decodeServedEvents, encodeServedEvents, type Fetch } from '@sotto/wire'
import { describe, expect, it } from 'vitest'

import { Author } from '../test/author.ts'
import { mutated } from '../test/hostile.ts'
import { accountOf, CONVERSATION, deviceOf, EPOCH } from '../test/ids.ts'
import { Dice } from '../test/random.ts'
import { forged } from '../test/simulation/forged.ts'
import { ASK_OTHERS_FOR, checkServed, nextWake, type AfterEffect, type CheckedEvent } from './index.ts'

const THREE = ['alice', 'bob', 'carol']

/** Bob has all that Alice said; Carol has only what comes last, and so knows that there is more. */
function given(): { alice: Author; bob: Author; carol: Author } {
  const [alice, bob, carol] = [new Author('alice', THREE), new Author('bob', THREE), new Author('carol', THREE)]
  for (const text of ['one', 'two']) bob.open('alice', alice.say(text))
  const last = alice.say('three')
  for (const other of [bob, carol]) other.open('alice', last)
  return { alice, bob, carol }
}

function without(author: Author, name: string): void {
  const members = THREE.filter((one) => one !== name).map((one) => ({ device: deviceOf(one), account: accountOf(one) }))
  author.apply({ type: 'members', members, epochId: EPOCH })
}

/** What a device asks for as time goes by, and when. */
function asks(author: Author, until: number): { at: number; anyone: boolean; fetch: Fetch | object }[] {
  const start = author.now
  const found: { at: number; anyone: boolean; fetch: object }[] = []
  for (let wake = nextWake(author.state); wake !== undefined && wake <= start + until; wake = nextWake(author.state)) {
    author.now = wake
    for (const effect of author.tick().after)
      if (effect.type === 'fetch') found.push({ at: wake - start, anyone: effect.anyone, fetch: effect.fetch })
  }
  return found
}

/** Alice's events as Bob gives them on. */
function givenBy(bob: Author, seqs: readonly number[]): readonly CheckedEvent[] {
  const rows = seqs.flatMap((seq) => bob.rows.get(`${deviceOf('alice')}:${seq}`) ?? [])
  const decoded = decodeServedEvents(encodeServedEvents({ events: rows }))
  const checked = decoded.ok ? checkServed(CONVERSATION, decoded.value) : decoded
  if (!checked.ok) throw new Error(checked.reason)
  return checked.value.map(({ event }) => event)
}

function fetch(asker: string, author: string, counter: number, key = new Uint8Array(1_216)) {
  const about = { conversation: CONVERSATION, author: deviceOf(author) }
  const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
  const value = {
    conversation: bytes(about.conversation),
    author: bytes(about.author),
    fromSeq: 1,
    toSeq: 9,
    counter,
    key,
  }
  return { type: 'fetch', device: deviceOf(asker), fetch: value as unknown as Fetch, now: 2_000_000 } as const
}

const kinds = (effects: readonly AfterEffect[]): string[] =>
  effects.map((effect) => (effect.type === 'refused' ? effect.reason : effect.type))

describe('whoever lacks events', () => {
  it('asks their author alone at first, and everybody from the second time on', () => {
    const { carol } = given()
    expect(asks(carol, 200_000).map(({ at, anyone }) => [at, anyone])).toEqual([
      [10_000, false],
      [40_000, true],
      [100_000, true],
    ])
  })

  it('asks everybody at once when their author is out, for 30 days', () => {
    const { carol } = given()
    without(carol, 'alice')
    const all = asks(carol, 2 * ASK_OTHERS_FOR)
    expect(all[0]).toMatchObject({ at: 10_000, anyone: true, fetch: { fromSeq: 1, toSeq: 2 } })
    expect(all.every(({ at }) => at < ASK_OTHERS_FOR)).toBe(true)
    expect(all.length).toBeLessThan(140)
  })

  it('asks for two who are out one after the other, since each answers once in ten seconds', () => {
    const names = [...THREE, 'dora']
    const [alice, dora, carol] = ['alice', 'dora', 'carol'].map((name) => new Author(name, names))
    if (alice === undefined || dora === undefined || carol === undefined) throw new Error('nobody')
    for (const author of [alice, dora]) {
      author.say('given to nobody')
      carol.open(author.name, author.say('given to Carol'))
    }
    for (const name of ['alice', 'dora']) {
      const stay = carol.state.devices.filter(({ live, device }) => live && device !== deviceOf(name))
      carol.apply({ type: 'members', members: stay, epochId: EPOCH })
    }
    expect(asks(carol, 45_000).map(({ at }) => at)).toEqual([10_000, 20_000, 40_000])
  })

  it('takes them from others like from their author, in their place, and asks on for the rest', () => {
    const { bob, carol } = given()
    carol.tick(60_000)
    expect(carol.texts()).toEqual(['three'])
    const served = (seqs: readonly number[]) =>
      carol.apply({ type: 'served', events: givenBy(bob, seqs), known: [], now: carol.now, jitter: 0 })
    served([2])
    expect(carol.texts()).toEqual(['two', 'three'])
    expect(carol.state.devices.find(({ missing }) => missing !== undefined)?.missing).toMatchObject({
      from: 1,
      to: 1,
      tries: 0,
    })
    served([1])
    expect(carol.texts()).toEqual(['one', 'two', 'three'])
    expect(carol.rows.get(`${deviceOf('alice')}:1`)).toMatchObject({ via: 'sync' })
    expect(served([1, 2, 3]).persist).toEqual([])
    expect(nextWake(carol.state)).toBe(carol.state.receipts.due)
  })

  it('is not made to ask after each message by somebody who says that there is more', () => {
    const [alice, bob, carol] = THREE.map((name) => new Author(name, THREE))
    if (alice === undefined || bob === undefined || carol === undefined) throw new Error('nobody')
    const progress = [{ device: alice.state.self, delivered: 4_000_000_000 }].map(({ device, delivered }) => ({
      $typeName: 'sotto.v1.Progress' as const,
      device: Uint8Array.from(Buffer.from(device, 'hex')),
      delivered,
      read: 0,
      control: 0,
    }))
    const conversation = Uint8Array.from(Buffer.from(CONVERSATION, 'hex'))
    const receipt = {
      $typeName: 'sotto.v1.Receipt' as const,
      conversation,
      epochId: conversation,
      counter: 1,
      progress,
      lacking: [],
    }
    carol.apply({ type: 'receipt', device: bob.state.self, receipt, via: 'mailbox', now: carol.now })
    let asked = 0
    for (let at = 0; at < 100; at++) {
      carol.open('alice', alice.say(String(at)))
      asked += asks(carol, 60_000).length
      carol.now += 30_000
    }
    expect(asked).toBeLessThan(12)
    expect(carol.state.devices.every(({ declared }) => declared === 0)).toBe(true)
  })
})

describe('whoever is asked for what somebody else said', () => {
  it('gives what is here, once in ten seconds, to a member, with a key and a new counter', () => {
    const { bob } = given()
    const first = bob.apply(fetch('carol', 'alice', 1))
    expect(first.after).toMatchObject([{ type: 'serve-others', author: deviceOf('alice'), firstSeq: 1, lastSeq: 3 }])
    expect(kinds(bob.apply(fetch('carol', 'alice', 1)).after)).toEqual(['stale'])
    expect(kinds(bob.apply(fetch('carol', 'alice', 2)).after)).toEqual(['too-often'])
    expect(kinds(bob.apply({ ...fetch('carol', 'alice', 2), now: 2_010_000 }).after)).toEqual(['serve-others'])
  })

  it('gives nothing without a key, of nobody whom it does not know, of the asker itself, or of what is not here', () => {
    const { bob } = given()
    expect(kinds(bob.apply(fetch('carol', 'alice', 1, new Uint8Array())).after)).toEqual(['not-ours'])
    expect(kinds(bob.apply(fetch('carol', 'mallory', 2)).after)).toEqual(['not-ours'])
    expect(kinds(bob.apply(fetch('alice', 'alice', 3)).after)).toEqual(['not-ours'])
    expect(kinds(bob.apply(fetch('alice', 'carol', 4)).after)).toEqual(['not-here'])
    without(bob, 'carol')
    expect(kinds(bob.apply(fetch('carol', 'alice', 5)).after)).toEqual(['not-a-member'])
  })

  it('keeps the proof of the newest seal, which those hold who came in before that', () => {
    const { alice, bob } = given()
    const again = alice.sealOf(1, 2)
    const [, second] = again.events
    const before = bob.rows.get(`${deviceOf('alice')}:2`)?.proof
    expect(second?.proof).not.toEqual(before)
    expect(bob.open('alice', again).persist).toContainEqual({
      type: 'prove-event',
      device: deviceOf('alice'),
      seq: 2,
      proof: second?.proof,
    })
  })
})

describe('what somebody hands over', () => {
  it('is nothing of ours, and nothing by two', () => {
    const { alice, bob, carol } = given()
    const own = givenBy(bob, [1])
    expect(kinds(alice.apply({ type: 'served', events: own, known: [], now: 0, jitter: 0 }).after)).toEqual([
      'not-ours',
    ])
    bob.open('carol', carol.say('mine'))
    const rows = [...bob.rows.values()].filter(({ device }) => device !== bob.state.self)
    const mixed = decodeServedEvents(encodeServedEvents({ events: rows }))
    expect(mixed.ok && checkServed(CONVERSATION, mixed.value)).toEqual({ ok: false, reason: 'wrong-sender' })
    const one = decodeServedEvents(encodeServedEvents({ events: rows.slice(0, 1) }))
    expect(one.ok && checkServed(EPOCH as never, one.value)).toEqual({ ok: false, reason: 'wrong-conversation' })
  })

  it('is as its author signed it, or refused: 3,000 forged and mutated ones (seed 20261128)', () => {
    const { bob } = given()
    const dice = new Dice(20_261_128)
    const rows = [...bob.rows.values()]
    const [real, statements] = [new Set(rows.map(({ eventId }) => eventId)), new Set<string>()]
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
    const bytes = encodeServedEvents({ events: rows })
    for (const { statement } of checked(bytes)) statements.add(hex(statement))
    let taken = 0
    for (let at = 0; at < 3_000; at++) {
      const tried = dice.chance(0.2) ? encodeServedEvents({ events: forged(rows, dice) }) : mutated(bytes, dice)
      for (const { event, statement } of checked(tried)) {
        // Its author has signed that statement, or the signature would be looked at and fail.
        if (!statements.has(hex(statement))) continue
        taken += 1
        expect(real.has(event.eventId)).toBe(true)
      }
    }
    expect(taken).toBeLessThan(300)
  })
})

function checked(bytes: Uint8Array) {
  const decoded = decodeServedEvents(bytes)
  const result = decoded.ok ? checkServed(CONVERSATION, decoded.value) : decoded
  return result.ok ? result.value : []
}
