import fc from 'fast-check'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { describe, expect, it } from 'vitest'

import { Author } from '../test/author.ts'
import { makeHistory, shuffled } from '../test/history.ts'
import { mutated } from '../test/hostile.ts'
import { accountOf, deviceOf, EPOCH, relayOf } from '../test/ids.ts'
import { Dice } from '../test/random.ts'
import { decodeConversation, encodeConversation, MAX_STATE_BYTES, type ConversationState } from './index.ts'
import { RECENT } from './parameters.ts'
import type { DeviceRecord } from './state.ts'

const SEED = 20_261_125

/** A state with something in every field: held events, gaps, an outbox, half a rollback check. */
function busyState(seed: number): ConversationState {
  const dice = new Dice(seed)
  const made = makeHistory(seed, 12)
  const author = new Author(made.names.at(-1) ?? '', made.names, 3)
  for (const { sender, seal } of shuffled(made.sent, seed).slice(0, 4 + dice.below(12))) {
    author.open(sender, seal)
    if (dice.chance(0.3)) author.tick(dice.below(70_000))
  }
  for (let at = dice.below(6); at >= 0; at--) author.say(`own ${at}`)
  author.compose('unsealed')
  const innerId = author.state.outbox[0]?.innerId
  if (innerId !== undefined) {
    author.apply({ type: 'deposited', innerId, relay: relayOf('one') })
    author.apply({ type: 'held', innerId, device: deviceOf('alice') })
    if (dice.chance(0.5)) author.apply({ type: 'deposited', innerId, relay: relayOf('two') })
  }
  if (dice.chance(0.5)) {
    author.apply({ type: 'start', boot: 2 })
    author.apply({ type: 'head-record', source: { relay: relayOf('one') }, record: undefined, known: [], now: 1 })
  }
  return author.state
}

describe('encoded states (seed 20261125)', () => {
  it('decode to what they were', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => {
        const state = busyState(seed)
        const decoded = decodeConversation(encodeConversation(state))
        expect(decoded).toStrictEqual({ ok: true, value: state })
      }),
      { numRuns: 60, seed: SEED },
    )
  })

  it('are refused and never thrown over, whatever the bytes are', () => {
    const valid = encodeConversation(busyState(1))
    const dice = new Dice(SEED)
    let refused = 0
    for (let at = 0; at < 3_000; at++) {
      const bytes = at % 4 === 0 ? dice.bytes(dice.below(200)) : mutated(valid, dice)
      const decoded = decodeConversation(bytes)
      if (decoded.ok) expect(decodeConversation(encodeConversation(decoded.value))).toStrictEqual(decoded)
      else refused += 1
    }
    expect(refused).toBeGreaterThan(1_500)
  })

  it('name the version that made them', () => {
    const text = toString(encodeConversation(busyState(1)))
    const later = fromString(text.replace('{"version":1', '{"version":2'))
    expect(decodeConversation(later)).toEqual({ ok: false, reason: 'unknown-version' })
    expect(decodeConversation(fromString('{"version":7,"other":1}'))).toEqual({ ok: false, reason: 'unknown-version' })
  })

  it('are refused when a part is missing, added or contradicts another', () => {
    const text = toString(encodeConversation(busyState(3)))
    const wrong = [
      text.replace('"fetches":', '"fetchez":'),
      text.replace('"fetches":', '"more":1,"fetches":'),
      text.replace(/"fetches":\d+/, '"fetches":-1'),
      text.replace(/"self":"[0-9a-f]{2}/, '"self":"00'),
      text.replace(/"recent":\[\{[^}]*\},?/, '"recent":['),
      '[]',
      'null',
      '',
    ]
    for (const broken of wrong) {
      expect(broken).not.toBe(text)
      expect(decodeConversation(fromString(broken))).toEqual({ ok: false, reason: 'malformed' })
    }
  })

  it('are refused above the limit before anything is read', () => {
    expect(decodeConversation(new Uint8Array(MAX_STATE_BYTES + 1))).toEqual({ ok: false, reason: 'too-large' })
  })

  it('of a long conversation stay small', () => {
    const [alice, bob] = [new Author('alice', ['alice', 'bob']), new Author('bob', ['alice', 'bob'])]
    for (let at = 0; at < 300; at++) bob.open('alice', alice.say(`message ${at}`))
    expect(encodeConversation(bob.state).length).toBeLessThan(5_000)
  })
})

describe('a state of an earlier version', () => {
  it.each([
    ['nothing has followed', 0],
    ['one has followed', 1],
    ['more have followed than are remembered', 20],
  ])('in which an event that was told counted as here is read as what is here: %s', (_, more) => {
    const [alice, carol] = [new Author('alice', ['alice', 'carol']), new Author('carol', ['carol'])]
    for (const text of ['one', 'two', 'three']) alice.say(text)
    const members = ['alice', 'carol'].map((name) => ({ device: deviceOf(name), account: accountOf(name) }))
    const start = [{ account: accountOf('alice'), device: deviceOf('alice'), seq: 3 }]
    carol.apply({ type: 'members', members, epochId: EPOCH, start })
    for (let at = 0; at < more; at++) carol.open('alice', alice.say(String(at)))
    const [third] = alice.sealOf(3, 3).events
    if (third === undefined) throw new Error('nothing sealed')
    const told = { eventId: third.eventId, lamport: third.lamport }
    const earlier = JSON.parse(toString(encodeConversation(carol.state))) as { state: { devices: DeviceRecord[] } }
    earlier.state.devices = earlier.state.devices.map((record) => {
      if (record.device !== deviceOf('alice')) return record
      const head = more === 0 ? { seq: 3, ...told } : record.head
      return { ...record, start: 2, first: told, head, recent: [told, ...record.recent].slice(-RECENT) }
    })
    const decoded = decodeConversation(fromString(JSON.stringify(earlier)))
    expect(decoded).toEqual({ ok: true, value: carol.state })
  })
})
