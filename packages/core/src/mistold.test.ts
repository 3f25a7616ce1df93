import type { DeviceId } from '@sotto/interface'
import { fromHex, toHex, type Fetch, type Receipt } from '@sotto/wire'
import { describe, expect, it } from 'vitest'
import { Author } from '../test/author.ts'
import { CONVERSATION, deviceOf, EPOCH } from '../test/ids.ts'
import { hear, members, receiptIn, rosterOf, start } from '../test/newcomers.ts'
import { Dice } from '../test/random.ts'
import { decodeConversation, encodeConversation } from './codec.ts'
import { findDevice } from './devices.ts'
import { visibleGaps } from './gaps.ts'
import { MAX_LAMPORT } from './parameters.ts'
import { reachedBy } from './reached.ts'
import type { CheckedSeal } from './seals.ts'
import type { ConversationState } from './state.ts'
import type { Step } from './types.ts'

// Where the others' logs stand, a newcomer knows from whoever committed it in: `spec/groups-on-the-wire.md`, "Where the log begins". Whatever that one
// says, the newcomer is heard by all others, in one order, and hears all of them.

const NAMES = ['alice', 'bob', 'carol']

function enter(author: Author, more: Parameters<typeof members>[2]): Step {
  return members(author, NAMES, more)
}

/** As it comes back from the store. */
function decoded({ state }: Author): ConversationState | undefined {
  const read = decodeConversation(encodeConversation(state))
  return read.ok ? read.value : undefined
}

/** Where the log begins for that one, as a receipt says. */
function begins({ progress }: Receipt, name: string): number | undefined {
  return progress.find(({ device }) => toHex<DeviceId>(device) === deviceOf(name))?.begins
}

/** The same receipt with another word about that. */
function saying(receipt: Receipt, name: string, seq: number): Receipt {
  const others = receipt.progress.filter(({ device }) => toHex<DeviceId>(device) !== deviceOf(name))
  const about = { device: fromHex(deviceOf(name)), delivered: 0, read: 0, control: 0, begins: seq }
  return { ...receipt, counter: receipt.counter + 1, progress: [...others, about as Receipt['progress'][number]] }
}

/** The same receipt, from when so many were sealed. */
function upTo(receipt: Receipt, seq: number, { events }: CheckedSeal): Receipt {
  return { ...receipt, own: { seq, eventId: fromHex(events.at(-1)?.eventId ?? '') } as NonNullable<Receipt['own']> }
}

function twoWhoHaveSpoken(): { alice: Author; bob: Author } {
  const [alice, bob] = [new Author('alice', ['alice', 'bob']), new Author('bob', ['alice', 'bob'])]
  for (const text of ['one', 'two', 'three']) {
    bob.open('alice', alice.say(text))
    alice.open('bob', bob.say(`and ${text}`))
  }
  return { alice, bob }
}

describe('a newcomer who was told something false', () => {
  it.each([
    ['less than there is', { alice: 1, bob: 2 }],
    ['what is', { alice: 3, bob: 3 }],
    ['more than there is', { alice: 1_000, bob: 2_000_000_000 }],
  ])('of events, %s, is heard by all', (_, seqs) => {
    const { alice, bob } = twoWhoHaveSpoken()
    const carol = new Author('carol', ['carol'])
    for (const one of [alice, bob]) enter(one, { owed: 3, floor: 6 })
    enter(carol, { start: start(seqs), floor: 6 })
    const [said] = carol.say('hello').events
    if (said === undefined) throw new Error('nothing said')
    expect(said).toMatchObject({ lamport: 7, deps: [] })
    for (const one of [alice, bob]) {
      one.open('carol', { ...carol.sealOf(1, 1), events: [{ ...said, floor: 6 }] })
      expect(one.texts().at(-1)).toBe('hello')
      expect(findDevice(one.state, deviceOf('carol'))?.held).toEqual([])
    }
  })

  it('of more events than there are hears whoever says where its log begins, and misses nothing', () => {
    const { alice } = twoWhoHaveSpoken()
    const carol = new Author('carol', ['carol'])
    enter(alice, { owed: 1_000 })
    const own = receiptIn(alice.tick())
    expect(begins(own, 'carol')).toBe(3)
    enter(carol, { start: start({ alice: 1_000, bob: 3 }) })
    const [four, five] = [alice.say('four'), alice.say('five')]
    expect(carol.open('alice', four).after).toContainEqual({ type: 'refused', reason: 'before-our-time' })
    expect(carol.texts()).toEqual([])
    // She does not say to have what only a committer speaks of: nobody asks her for it.
    const claim = receiptIn(carol.apply({ type: 'connected', device: deviceOf('alice'), now: carol.now }))
    expect(claim.progress).toEqual([])
    hear(carol, 'alice', upTo(own, 5, five))
    expect(findDevice(carol.state, deviceOf('alice'))).toMatchObject({ start: 3, missing: { from: 4, to: 5 } })
    expect(decoded(carol)).toEqual(carol.state)
    carol.open('alice', alice.sealOf(4, 5))
    expect(carol.texts()).toEqual(['four', 'five'])
    expect(visibleGaps(carol.state)).toEqual([])
    const now = receiptIn(carol.apply({ type: 'connected', device: deviceOf('alice'), now: carol.now }))
    expect(hear(alice, 'carol', now).after).not.toContainEqual({ type: 'refused', reason: 'ahead' })
  })

  it('of fewer events than there were before the committer’s own time is given none of those, and waits for none', () => {
    const alice = new Author('alice', ['alice'])
    for (const text of ['one', 'two', 'three']) alice.say(text)
    alice.apply({ type: 'members', members: rosterOf(['alice', 'bob']), epochId: EPOCH, owed: 3 })
    alice.say('four')
    const told = enter(alice, { owed: 0, committer: deviceOf('bob') })
    expect(told.after).toContainEqual(expect.objectContaining({ type: 'serve', firstSeq: 4, lastSeq: 4 }))
    const own = receiptIn(alice.tick())
    expect(begins(own, 'carol')).toBe(3)
    const carol = new Author('carol', ['carol'])
    enter(carol, { start: start({ alice: 0, bob: 0 }) })
    alice.say('five')
    carol.open('alice', alice.sealOf(4, 5))
    expect(carol.texts()).toEqual([])
    const { after, persist } = hear(carol, 'alice', own)
    const shown = [4, 5].map((seq) => expect.objectContaining({ seq }) as unknown)
    expect(after).toContainEqual({ type: 'shown', events: shown })
    expect(persist).toContainEqual({ type: 'show-event', device: deviceOf('alice'), seq: 4 })
    expect(carol.texts()).toEqual(['four', 'five'])
    expect(findDevice(carol.state, deviceOf('alice'))).toMatchObject({ start: 3, head: { seq: 5 }, missing: undefined })
    expect(decoded(carol)).toEqual(carol.state)
    // What settled is acknowledged.
    expect(carol.state.receipts.due).toBeDefined()
  })

  it.each([
    ['from its committer’s time on, where that commit was followed', { owed: 0, committer: deviceOf('bob') }, 4],
    ['what follows, where it was not', undefined, undefined],
  ])('and came in beside the path may ask for %s', (_, word, from) => {
    const alice = new Author('alice', ['alice'])
    for (const text of ['one', 'two', 'three']) alice.say(text)
    alice.apply({ type: 'members', members: rosterOf(['alice', 'bob']), epochId: EPOCH, owed: 3 })
    alice.say('four')
    const beside = word === undefined ? {} : { beside: { added: [deviceOf('carol')], returned: [], ...word } }
    alice.apply({ type: 'members', members: rosterOf(['alice', 'bob']), epochId: EPOCH, ...beside })
    expect(decoded(alice)).toEqual(alice.state)
    alice.say('five')
    // Now that one is on the path.
    enter(alice, {})
    const fetch = { conversation: fromHex(CONVERSATION), author: fromHex(deviceOf('alice')), fromSeq: 1, toSeq: 9 }
    const asked = { ...fetch, counter: 1, key: new Uint8Array() } as Fetch
    const { after } = alice.apply({ type: 'fetch', device: deviceOf('carol'), fetch: asked, now: alice.now })
    const served = after.flatMap((effect) => (effect.type === 'serve' ? [effect.firstSeq] : []))
    expect(served).toEqual(from === undefined ? [] : [from])
    expect(reachedBy(alice.state, 5)).toMatchObject({ of: 1 })
  })

  it('by a commit that lets nobody in has been told nothing', () => {
    const { alice } = twoWhoHaveSpoken()
    const members = rosterOf(['alice', 'bob'])
    const { persist } = alice.apply({ type: 'members', members, epochId: EPOCH, owed: 99, committer: deviceOf('bob') })
    expect(persist).toEqual([])
    expect(alice.state.receipts.due).not.toBe(0)
  })

  it('is told by whoever did not follow its commit as part of the path, too', () => {
    const { alice } = twoWhoHaveSpoken()
    const carol = new Author('carol', ['carol'])
    const beside = { added: [deviceOf('carol')], returned: [], owed: 1_000_000, committer: deviceOf('bob') }
    alice.apply({ type: 'members', members: rosterOf(['alice', 'bob']), epochId: EPOCH, beside })
    enter(alice, {})
    enter(carol, { start: start({ alice: 1_000_000, bob: 3 }) })
    hear(carol, 'alice', receiptIn(alice.tick()))
    carol.open('alice', alice.say('four'))
    expect(carol.texts()).toEqual(['four'])
  })

  it('and comes in anew is where it is told then', () => {
    const carol = new Author('carol', ['carol'])
    enter(carol, { start: start({ alice: 1_000_000, bob: 3 }) })
    enter(carol, { start: start({ alice: 3, bob: 3 }) })
    expect(findDevice(carol.state, deviceOf('alice'))).toMatchObject({ start: 3, head: { seq: 3 } })
  })

  it('gives nothing up for a device’s word that is here, and takes nothing anew that was', () => {
    const [alice, carol] = [new Author('alice', NAMES), new Author('carol', NAMES)]
    for (const text of ['one', 'two', 'three']) alice.say(text)
    carol.open('alice', alice.sealOf(1, 2))
    enter(alice, { owed: 1_000 })
    const own = receiptIn(alice.apply({ type: 'connected', device: deviceOf('bob'), now: alice.now }))
    carol.apply({ type: 'members', members: rosterOf(['alice', 'bob']), epochId: EPOCH })
    enter(carol, { start: start({ alice: 4, bob: 3 }) })
    hear(carol, 'alice', saying(own, 'carol', 0))
    expect(findDevice(carol.state, deviceOf('alice'))).toMatchObject({ start: 2, head: { seq: 2 }, had: 2 })
    // An older word that comes late changes nothing.
    hear(carol, 'alice', { ...saying(own, 'carol', 9), counter: own.counter })
    expect(findDevice(carol.state, deviceOf('alice'))).toMatchObject({ start: 2 })
    expect(decoded(carol)).toEqual(carol.state)
    alice.say('four')
    carol.open('alice', alice.sealOf(4, 4))
    carol.tick(60_000)
    const before = carol.texts()
    hear(carol, 'alice', saying(own, 'carol', 2_147_483_648))
    expect(carol.texts()).toEqual(before)
    expect(findDevice(carol.state, deviceOf('alice'))).toMatchObject({ start: 3, head: { seq: 4 } })
    hear(carol, 'alice', saying(own, 'carol', 0))
    expect(findDevice(carol.state, deviceOf('alice'))).toMatchObject({ start: 3, head: { seq: 4 } })
  })

  it('does not take over a number that somebody makes up on what was before its time', () => {
    const { alice, bob } = twoWhoHaveSpoken()
    const carol = new Author('carol', ['carol'])
    for (const one of [alice, bob]) enter(one, { owed: 3, floor: 6 })
    enter(carol, { start: start({ alice: 3, bob: 3 }), floor: 6 })
    const [event] = alice.say('far').events
    if (event === undefined) throw new Error('nothing said')
    const far = { ...alice.sealOf(4, 4), events: [{ ...event, floor: 6, lamport: MAX_LAMPORT }] }
    carol.open('alice', far)
    bob.open('alice', far)
    const [said] = carol.say('hello').events
    if (said === undefined) throw new Error('nothing said')
    bob.open('carol', { ...carol.sealOf(1, 1), events: [{ ...said, floor: 6 }] })
    expect(bob.texts().slice(-2)).toEqual(['far', 'hello'])
    expect(bob.compose('mine').lamport).toBe(9)
  })
})

describe('whatever a committer says, all that is said after it comes to all', () => {
  it.each(Array.from({ length: 40 }, (_, at) => at + 1))('seed %i', (seed) => {
    const dice = new Dice(seed)
    const { alice, bob } = twoWhoHaveSpoken()
    const carol = new Author('carol', ['carol'])
    const said = { alice: dice.below(2) * dice.below(2_000), bob: dice.below(6) }
    const floors = { carol: dice.below(12), others: dice.pick([0, 6, 9]) ?? 0 }
    const receipts = [alice, bob].map((one): [string, Receipt] => {
      enter(one, { owed: said[one.name as 'alice' | 'bob'], floor: floors.others })
      return [one.name, receiptIn(one.apply({ type: 'connected', device: deviceOf('carol'), now: one.now }))]
    })
    enter(carol, { start: start(said), floor: floors.carol })
    for (const [name, receipt] of receipts) hear(carol, name, receipt)
    const all = [alice, bob, carol]
    const texts: string[] = []
    for (let turn = 0; turn < 20; turn++) {
      const author = dice.pick(all) ?? carol
      texts.push(`${author.name} ${String(turn)}`)
      author.say(texts.at(-1) ?? '')
      for (const one of all) if (dice.chance(0.6)) catchUp(one, all, floors)
    }
    for (let round = 0; round < 3; round++) for (const one of all) catchUp(one, all, floors)
    for (const one of all) {
      expect(
        one
          .texts()
          .filter((text) => texts.includes(text))
          .toSorted(),
      ).toEqual(texts.toSorted())
      expect(one.state.devices.flatMap(({ held }) => held)).toEqual([])
      expect(visibleGaps(one.state)).toEqual([])
    }
    const [first, second] = [alice, bob].map((one) => one.texts())
    expect(first).toEqual(second)
  })
})

/** Everything that the others have sealed and that is not here; each knows the floors that it was told. */
function catchUp(one: Author, all: readonly Author[], floors: { carol: number; others: number }): void {
  for (const other of all) {
    const from = findDevice(one.state, deviceOf(other.name))
    if (other === one || from === undefined || from.head.seq >= other.state.sealed.seq) continue
    const seal = other.sealOf(from.head.seq + 1, other.state.sealed.seq)
    const floor = one.name === 'carol' ? floors.carol : floors.others
    one.open(other.name, { ...seal, events: seal.events.map((event) => ({ ...event, floor })) })
  }
}
