import type { DeviceId } from '@sotto/interface'
import { fromHex, toHex, type Fetch, type Receipt } from '@sotto/wire'
import { describe, expect, it } from 'vitest'
import { Author } from '../test/author.ts'
import { CONVERSATION, deviceOf } from '../test/ids.ts'
import { hear, members, receiptIn, start } from '../test/newcomers.ts'
import { visibleGaps } from './gaps.ts'
import type { Input, Step } from './types.ts'

// Who comes in, by whatever branch, goes out, and comes in again: what is owed to whom, and that nobody gets what was said before its time.

function beside(name: string, committer: string, owed = 0): Partial<Extract<Input, { type: 'members' }>> {
  return { beside: { added: [deviceOf(name)], returned: [], owed, committer: deviceOf(committer) } }
}

/** What a device says to another when a direct path to it opens. */
function word(author: Author, to: string): Receipt {
  return receiptIn(author.apply({ type: 'connected', device: deviceOf(to), now: author.now }))
}

/** The same, as if it said to Carol that its log begins there for her. */
function telling(receipt: Receipt, begins: number): Receipt {
  const about = { device: fromHex(deviceOf('carol')), delivered: 0, read: 0, control: 0, begins }
  return { ...receipt, progress: [about as Receipt['progress'][number]] }
}

/** From where on own events are sealed again. */
function served({ after }: Step): number[] {
  return after.flatMap((effect) => (effect.type === 'serve' ? [effect.firstSeq] : []))
}

/** Asks for everything that there is. */
function asks(author: Author, name: string): Step {
  const fetch = { conversation: fromHex(CONVERSATION), author: fromHex(author.state.self), fromSeq: 1, toSeq: 99 }
  const whole = { ...fetch, counter: 1, key: new Uint8Array() } as Fetch
  return author.apply({ type: 'fetch', device: deviceOf(name), fetch: whole, now: author.now })
}

const IN = ['alice', 'dave', 'mallory']

/** Alice has said three things before Mallory came, and one since. */
function aliceOf(): Author {
  const alice = new Author('alice', ['alice', 'dave'])
  for (const text of ['one', 'two', 'three']) alice.say(text)
  members(alice, IN, { owed: 3, committer: deviceOf('dave') })
  alice.say('four')
  return alice
}

describe('what was said before its time', () => {
  it.each([
    ['both beside the path, of which the branch wins', true],
    ['the one beside the path, the other on it', false],
  ])('nobody gets by somebody whom it has let in, and that one another: %s', (_, isBeside) => {
    const alice = aliceOf()
    members(alice, IN, beside('m2', 'mallory'))
    if (isBeside) members(alice, IN, beside('m3', 'm2'))
    const last = isBeside ? {} : { owed: 0, committer: deviceOf('m2') }
    const entered = members(alice, [...IN, 'm2', 'm3'], last)
    expect([...served(entered), ...served(asks(alice, 'm3'))]).toEqual(isBeside ? [4] : [4, 4])
  })

  it('nobody gets who was out meanwhile, whether its author was, too', () => {
    const alice = aliceOf()
    members(alice, ['alice', 'dave'])
    alice.say('five')
    members(alice, IN, { start: start({ dave: 0, mallory: 0 }) })
    expect(served(asks(alice, 'mallory'))).toEqual([])
    const away = aliceOf()
    members(away, IN, { start: start({ dave: 0, mallory: 0 }), anew: [deviceOf('mallory'), deviceOf('alice')] })
    expect(served(asks(away, 'mallory'))).toEqual([])
    expect(served(asks(away, 'dave'))).toEqual([1])
    const other = aliceOf()
    members(other, ['alice', 'dave'])
    other.say('five')
    members(other, ['alice', 'dave'], beside('mallory', 'dave', 5))
    members(other, IN)
    expect(served(members(other, [...IN, 'm2'], { owed: 0, committer: deviceOf('mallory') }))).toEqual([])
  })
})

describe('where a log begins for somebody', () => {
  it('is told to those who are in, however many have come and gone', () => {
    const alice = new Author('alice', ['alice'])
    alice.say('one')
    for (let round = 0; round < 3; round++)
      members(alice, ['alice', 'bob', ...Array.from({ length: 200 }, (_, at) => `m${round} ${at}`)], { owed: 1 })
    members(alice, ['alice', 'bob'])
    expect(word(alice, 'bob').progress).toMatchObject([{ begins: 1 }])
  })

  it('hides nothing from who was there from the beginning: a gap shows', () => {
    const names = ['alice', 'bob', 'carol']
    const [alice, bob, carol] = names.map((name) => new Author(name, names)) as [Author, Author, Author]
    const first = alice.say('one')
    for (const one of [bob, carol]) one.open('alice', first)
    bob.open('alice', alice.say('not for Carol'))
    hear(carol, 'alice', telling(word(alice, 'carol'), 2))
    carol.open('bob', bob.say('I agree'))
    carol.tick(60_000)
    expect(visibleGaps(carol.state)).toHaveLength(1)
  })

  it('moves nothing that was shown, when a second coming in was told too much', () => {
    const names = ['alice', 'carol']
    const [alice, carol] = [new Author('alice', names), new Author('carol', names)]
    const other = new Author('alice', names)
    for (let at = 1; at <= 7; at++) {
      alice.say(`true ${at}`)
      other.say(at === 7 ? 'another seven' : `true ${at}`)
    }
    for (const at of [1, 2, 3, 4, 5, 7]) carol.open('alice', alice.sealOf(at, at))
    carol.tick(60_000)
    const before = carol.texts()
    expect(before).toContain('true 7')
    members(carol, names, { start: start({ alice: 10 }) })
    hear(carol, 'alice', telling(word(other, 'carol'), 5))
    carol.open('alice', other.sealOf(6, 7))
    expect(carol.texts()).toEqual(before)
  })

  it('is where that one’s own way led, when the path goes on from there with somebody else', () => {
    const alice = aliceOf()
    members(alice, IN, beside('carol', 'dave', 4))
    for (const text of ['five', 'six']) alice.say(text)
    // The branch on which Carol came in is the path, by one commit more: her committer's word counts for her, that one's for Eve.
    const from = [...IN, 'carol'].map((name) => deviceOf(name))
    const last = { owed: 6, committer: deviceOf('carol'), from }
    members(alice, [...IN, 'carol', 'eve'], last)
    const places = new Map(word(alice, 'carol').progress.map(({ device, begins }) => [toHex<DeviceId>(device), begins]))
    expect([places.get(deviceOf('carol')), places.get(deviceOf('eve'))]).toEqual([4, 6])
    expect(served(asks(alice, 'carol'))).toEqual([5])
    const other = aliceOf()
    members(other, IN, beside('carol', 'dave', 4))
    for (const text of ['five', 'six']) other.say(text)
    members(other, [...IN, 'carol', 'eve'], { ...last, owed: 4 })
    expect(served(asks(other, 'eve'))).toEqual([5])
  })

  it('keeps nobody waiting who was away while its author was, too', () => {
    const names = ['alice', 'bob', 'carol']
    const [alice, carol] = [new Author('alice', names), new Author('carol', names)]
    carol.open('alice', alice.say('one'))
    members(alice, ['alice', 'bob'])
    alice.say('two')
    members(carol, ['bob', 'carol'], { start: start({ bob: 0, alice: 0 }), returned: [deviceOf('bob')] })
    members(alice, names, { start: start({ bob: 0, carol: 0 }), returned: [deviceOf('bob')] })
    members(carol, names, { owed: 0, returned: [deviceOf('alice')] })
    hear(carol, 'alice', word(alice, 'carol'))
    carol.open('alice', alice.say('three'))
    expect(carol.texts()).toEqual(['one', 'three'])
    hear(alice, 'carol', word(carol, 'alice'))
    expect(alice.state.devices.find(({ device }) => device === deviceOf('carol'))?.acknowledged.delivered).toBe(3)
  })
})
