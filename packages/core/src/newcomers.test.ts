import { fromHex, type Receipt } from '@sotto/wire'
import { describe, expect, it } from 'vitest'

import { Author } from '../test/author.ts'
import { CONVERSATION, deviceOf, EPOCH, accountOf } from '../test/ids.ts'
import { decodeConversation, encodeConversation } from './codec.ts'
import { visibleGaps } from './gaps.ts'
import { RECENT } from './parameters.ts'
import { messageState } from './outbox.ts'
import { reachedBy } from './reached.ts'
import type { ConversationState } from './state.ts'
import type { Input } from './types.ts'

function word(delivered: number, read = 0): Receipt {
  const progress = [{ device: fromHex(deviceOf('alice')), delivered, read }]
  return {
    conversation: fromHex(CONVERSATION),
    epochId: fromHex(EPOCH),
    counter: 1 + delivered + read,
    progress,
  } as unknown as Receipt
}

function hear(alice: Author, name: string, receipt: Receipt): void {
  alice.apply({ type: 'receipt', device: deviceOf(name), receipt, via: 'mailbox', now: alice.now })
}

function members(names: readonly string[], more: Partial<Extract<Input, { type: 'members' }>> = {}): Input {
  return {
    type: 'members',
    members: names.map((n) => ({ device: deviceOf(n), account: accountOf(n) })),
    epochId: EPOCH,
    ...more,
  }
}

/** As it comes back from the store. */
function decoded({ state }: Author): ConversationState {
  const read = decodeConversation(encodeConversation(state))
  if (!read.ok) throw new Error(read.reason)
  return read.value
}

const stateOf = (alice: Author, seq: number): string | undefined =>
  messageState(alice.state, { device: deviceOf('alice'), seq })

describe('in a group', () => {
  it('a message is delivered when every other account has it, and read when all have read it', () => {
    const alice = new Author('alice', ['alice', 'bob', 'carol'])
    alice.say('one')
    hear(alice, 'bob', word(1, 1))
    expect(stateOf(alice, 1)).toBe('queued')
    expect(reachedBy(alice.state, 1)).toEqual({ delivered: 1, read: 1, of: 2 })
    hear(alice, 'carol', word(1))
    expect(stateOf(alice, 1)).toBe('delivered')
    hear(alice, 'carol', word(1, 1))
    expect(stateOf(alice, 1)).toBe('read')
  })

  it('what was sealed for those before them is sealed again for whoever comes in, and nothing that they know', () => {
    const alice = new Author('alice', ['alice', 'bob'])
    alice.say('one')
    alice.say('two')
    const { after } = alice.apply(members(['alice', 'bob', 'carol'], { owed: 1 }))
    expect(after).toEqual([{ type: 'serve', device: deviceOf('carol'), firstSeq: 2, lastSeq: 2 }])
    expect(alice.apply(members(['alice', 'bob', 'carol', 'dora'], { owed: 2 })).after).toEqual([])
    expect(alice.apply(members(['alice', 'bob'])).after).toEqual([])
  })

  it('whoever comes in on another path than the one that we followed counts for what follows, not for what was before', () => {
    const alice = new Author('alice', ['alice', 'bob'])
    alice.say('one')
    alice.apply(members(['alice', 'bob', 'carol']))
    hear(alice, 'carol', word(1, 1))
    expect(reachedBy(alice.state, 1)).toEqual({ delivered: 0, read: 0, of: 1 })
    expect(stateOf(alice, 1)).toBe('queued')
    alice.say('two')
    hear(alice, 'carol', word(2, 2))
    expect(reachedBy(alice.state, 2)).toEqual({ delivered: 1, read: 1, of: 2 })
  })

  it('whoever comes in takes no message back, and counts for what follows', () => {
    const alice = new Author('alice', ['alice', 'bob'])
    alice.say('one')
    hear(alice, 'bob', word(1, 1))
    alice.apply(members(['alice', 'bob', 'carol'], { owed: 1 }))
    expect(stateOf(alice, 1)).toBe('read')
    expect(reachedBy(alice.state, 1)).toEqual({ delivered: 1, read: 1, of: 1 })
    alice.say('two')
    hear(alice, 'bob', word(2))
    expect(stateOf(alice, 2)).toBe('queued')
    expect(alice.state.released).toBe(1)
    hear(alice, 'carol', word(2))
    expect(stateOf(alice, 2)).toBe('delivered')
    expect(alice.state.released).toBe(2)
  })

  it('what nobody has read is not read when all who had it are out and another one is in', () => {
    const alice = new Author('alice', ['alice', 'bob'])
    alice.say('one')
    alice.say('two')
    hear(alice, 'bob', word(2, 1))
    alice.apply(members(['alice', 'bob', 'carol'], { owed: 2 }))
    alice.apply(members(['alice', 'carol']))
    expect([stateOf(alice, 1), stateOf(alice, 2)]).toEqual(['read', 'delivered'])
  })

  it('what was said to nobody is never delivered, and what only newcomers have read is not read', () => {
    const alice = new Author('alice', ['alice'])
    alice.say('to nobody')
    alice.apply({ type: 'deposited', innerId: alice.state.outbox[0]?.innerId as never, relay: 'r' as never })
    alice.apply(members(['alice', 'bob'], { owed: 1 }))
    alice.say('to bob')
    hear(alice, 'bob', word(2, 0))
    alice.apply(members(['alice', 'bob', 'carol'], { owed: 2 }))
    alice.apply(members(['alice', 'carol']))
    alice.say('to carol')
    hear(alice, 'carol', word(3, 3))
    expect([1, 2, 3].map((seq) => stateOf(alice, seq))).toEqual(['sent', 'delivered', 'read'])
    expect(reachedBy(alice.state, 1)).toEqual({ delivered: 0, read: 0, of: 0 })
    expect(decoded(alice)).toEqual(alice.state)
  })

  it('a further device of an account does not have what was before its time', () => {
    const alice = new Author('alice', ['alice', 'bob'])
    for (const text of ['one', 'two', 'three']) alice.say(text)
    hear(alice, 'bob', word(1))
    const phone = { device: deviceOf('bob’s phone'), account: accountOf('bob') }
    const both = members(['alice', 'bob'])
    if (both.type !== 'members') throw new Error('no members')
    alice.apply({ ...both, members: [...both.members, phone], owed: 3 })
    alice.say('four')
    alice.apply({ type: 'receipt', device: phone.device, receipt: word(4), via: 'mailbox', now: alice.now })
    expect([1, 2, 3, 4].map((seq) => stateOf(alice, seq))).toEqual(['delivered', 'queued', 'queued', 'delivered'])
    expect(reachedBy(alice.state, 2)).toEqual({ delivered: 0, read: 0, of: 1 })
  })

  it('what was sealed while somebody was coming in is owed to them', () => {
    const alice = new Author('alice', ['alice', 'bob'])
    for (const text of ['one', 'two', 'three']) alice.say(text)
    hear(alice, 'bob', word(3))
    alice.apply(members(['alice', 'bob', 'carol'], { owed: 1 }))
    const carol = alice.state.devices.find(({ device }) => device === deviceOf('carol'))
    expect(carol).toMatchObject({ since: 3, acknowledged: { delivered: 1 } })
  })

  it('a newcomer knows where the events of those end who are out, and waits for nothing of theirs', () => {
    const bob = new Author('bob', ['bob'])
    const start = [{ account: accountOf('gone'), device: deviceOf('gone'), seq: 3 }]
    bob.apply(members(['alice', 'bob'], { start }))
    const gone = bob.state.devices.find(({ device }) => device === deviceOf('gone'))
    expect(gone).toMatchObject({ live: false, head: { seq: 3, eventId: '' }, missing: undefined })
  })

  it('what stands on events of somebody who was out before one came in is taken, whatever the committer knew of them', () => {
    const names = ['alice', 'gone', 'quiet']
    const [alice, gone, quiet] = names.map((name) => new Author(name, names)) as [Author, Author, Author]
    for (const text of ['one', 'two', 'three']) alice.open('gone', gone.say(text))
    alice.open('quiet', quiet.say('said once'))
    const upon = alice.say('upon all of that')
    const start = [
      // The committer had got one of three, and nothing of the other.
      { account: accountOf('gone'), device: deviceOf('gone'), seq: 1 },
      { account: accountOf('quiet'), device: deviceOf('quiet'), seq: 0 },
    ]
    const carol = new Author('carol', ['carol'])
    carol.apply(members(['alice', 'carol'], { start }))
    carol.state = decoded(carol)
    hear(carol, 'alice', {
      ...word(0),
      progress: [{ device: fromHex(deviceOf('gone')), delivered: 3, read: 0 }],
    } as never)
    carol.open('alice', upon)
    expect(carol.texts()).toEqual(['upon all of that'])
    carol.tick(600_000)
    expect(visibleGaps(carol.state)).toEqual([])
    expect(carol.state.devices.map(({ missing, held }) => [missing, held.length])).toEqual(
      carol.state.devices.map(() => [undefined, 0]),
    )
    // Who comes back is like everybody else.
    carol.apply(members(['alice', 'carol', 'quiet']))
    expect(carol.state.devices.every(({ past, device }) => past !== true || device === deviceOf('gone'))).toBe(true)
  })

  it('what stands on the event that a newcomer began with is taken however late it comes', () => {
    const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => new Author(name, ['alice', 'bob'])) as [
      Author,
      Author,
      Author,
    ]
    const first = bob.say('before carol')
    alice.open('bob', first)
    const late = alice.say('on top of it')
    const start = [{ account: accountOf('bob'), device: deviceOf('bob'), seq: 1 }]
    carol.apply(members(['alice', 'bob', 'carol'], { start }))
    for (let more = 0; more < 2 * RECENT; more += 1) carol.open('bob', bob.say(`${more} since`))
    carol.state = decoded(carol)
    expect(carol.open('alice', late).after).toContainEqual(expect.objectContaining({ type: 'shown' }))
    expect(carol.texts()).toContain('on top of it')
  })

  it('a newcomer starts where the others stand, and its state comes back from its bytes', () => {
    const bob = new Author('bob', ['bob'])
    const start = [{ account: accountOf('alice'), device: deviceOf('alice'), seq: 40 }]
    bob.apply(members(['alice', 'bob'], { start }))
    const alice = bob.state.devices.find(({ device }) => device === deviceOf('alice'))
    expect(alice).toMatchObject({ head: { seq: 40, eventId: '' }, start: 40, missing: undefined })
    expect(decodeConversation(encodeConversation(bob.state))).toEqual({ ok: true, value: bob.state })
  })
})
