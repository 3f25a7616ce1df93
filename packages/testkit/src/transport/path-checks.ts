import { assertRefused, assertSame } from '../store/assert.ts'
import { bytes, connect, dial, liveAt, until, type NetChecks, type NetPeer } from './place.ts'

/** More in a row than anybody puts up with. */
const GARBAGE = 256

/** What a direct path promises. */
export const PATH_CHECKS: NetChecks = {
  async 'envelopes come in order, both ways, and count as held when they have been taken'(place) {
    const [a, b] = [await place.peer(), await place.peer()]
    const there = await connect(a, b)
    const [back] = liveAt(b)
    let release: (isTaken: boolean) => void = () => undefined
    b.answer = () => new Promise((resolve) => (release = resolve))
    let isHeld: boolean | undefined
    const sent = there.send(bytes(1, 16_384)).then((held) => (isHeld = held))
    await until(() => b.received.length > 0)
    assertSame(await back?.send(bytes(9, 1)), true, 'the other way, meanwhile')
    assertSame(isHeld, undefined, 'held before it is taken')
    b.answer = () => Promise.resolve(true)
    release(true)
    await sent
    const many = [2, 3, 4, 5].map((mark) => there.send(bytes(mark, 100)))
    assertSame([isHeld, ...(await Promise.all(many))], [true, true, true, true, true], 'what is held')
    assertSame(marks(b), [1, 2, 3, 4, 5], 'what came')
    assertSame(marks(a), [9], 'what came back')
    assertSame([a.begun.length, b.begun.length, a.ended.length, b.ended.length], [1, 1, 0, 0], 'paths')
  },

  async 'what cannot be taken, or is not, is not held; what follows goes over the same path'(place) {
    const [a, b] = [await place.peer(), await place.peer()]
    const there = await connect(a, b)
    const outcomes: boolean[] = []
    for (const answer of [no, fail, yes, no, yes]) {
      b.answer = answer
      outcomes.push(await there.send(bytes(1, 10)))
    }
    assertSame(outcomes, [false, false, true, false, true], 'what is held')
    assertSame([a.ended.length, b.ended.length, a.begun.length], [0, 0, 1], 'paths that ended, and that began')
  },

  async 'a path over which nothing is taken ends at both ends'(place) {
    const [a, b] = [await place.peer(), await place.peer()]
    const there = await connect(a, b)
    b.answer = no
    for (let count = 0; !a.ended.includes(there); count += 1) {
      if (count > GARBAGE) throw new Error('it is put up with for ever')
      assertSame(await there.send(bytes(1, 10)), false, 'what is not taken')
    }
    await until(() => b.ended.length === 1)
    assertSame(await there.send(bytes(2, 10)), false, 'sent over a path that has ended')
  },

  async 'what is on its way when a path is closed is not held; both ends are told once'(place) {
    const [a, b] = [await place.peer(), await place.peer()]
    const there = await connect(a, b)
    b.answer = () => new Promise(() => undefined)
    const sent = [there.send(bytes(1, 10)), there.send(bytes(2, 10))]
    await until(() => b.received.length > 0)
    there.close()
    there.close()
    assertSame(await Promise.all(sent), [false, false], 'what was on its way')
    await until(() => b.ended.length > 0)
    assertSame(await there.send(bytes(3, 10)), false, 'sent after it')
    b.answer = yes
    const next = await connect(a, b)
    assertSame(await next.send(bytes(4, 10)), true, 'over the next path')
    assertSame([a.ended.length, b.ended.length], [1, 1], 'how often each was told')
  },

  async 'an envelope of no bytes, or of more than 16,384, is a mistake of ours'(place) {
    const [a, b] = [await place.peer(), await place.peer()]
    const there = await connect(a, b)
    for (const length of [0, 16_385])
      await assertRefused(() => there.send(bytes(1, length)), 'too-large', `${length} bytes`)
    assertSame(await there.send(bytes(1, 16_384)), true, 'the largest')
    assertSame(b.received.length, 1, 'what came')
  },

  async 'whoever says the wrong word is let in by nobody, and is told nothing'(place) {
    const [a, b] = [await place.peer(), await place.peer('another')]
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const)
      assertSame(await dial(from, to), { ok: false, reason: 'refused' }, 'a wrong word')
    assertSame([a.begun.length, b.begun.length], [0, 0], 'paths')
  },

  async 'there is one path, however often and by whomever it is dialled'(place) {
    const [a, b] = [await place.peer(), await place.peer()]
    for (const peer of [a, b]) peer.transport.expect((peer === a ? b : a).transport.peerId, Number.POSITIVE_INFINITY)
    const dialled = await Promise.all([dial(a, b), dial(a, b), dial(b, a)])
    for (const { ok } of dialled) assertSame(ok, true, 'a dial')
    await until(() => liveAt(a).length === 1 && liveAt(b).length === 1)
    const [there] = liveAt(a)
    const again = await dial(a, b)
    assertSame(again.ok && again.value === there, true, 'dialled where it is already')
    assertSame(await there?.send(bytes(1, 10)), true, 'what goes over it')
    assertSame([liveAt(a).length, liveAt(b).length], [1, 1], 'paths that are there')
  },

  async 'two contexts between the same two are two paths'(place) {
    const [a, b] = [await place.peer(), await place.peer()]
    const one = await connect(a, b, 'one')
    const two = await connect(a, b, 'two')
    assertSame([await one.send(bytes(1, 10)), await two.send(bytes(2, 10))], [true, true], 'what is held')
    assertSame(
      b.received.map(({ session, envelope }) => [session.context, envelope[0]]),
      [
        ['one', 1],
        ['two', 2],
      ],
      'what came over which',
    )
    one.close()
    await until(() => b.ended.length === 1)
    assertSame(await two.send(bytes(3, 10)), true, 'over the other, after one was closed')
  },

  async 'nobody is at a peer that has stopped'(place) {
    const [a, b] = [await place.peer(), await place.peer()]
    const there = await connect(a, b)
    const { peerId, addresses } = b.transport
    await b.transport.stop()
    await until(() => a.ended.includes(there))
    assertSame(await there.send(bytes(1, 10)), false, 'over a path to it')
    const dialled = await a.transport.dial(peerId, addresses, 'talk')
    assertSame(dialled, { ok: false, reason: 'unreachable' }, 'a dial')
  },
}

const yes = (): Promise<boolean> => Promise.resolve(true)
const no = (): Promise<boolean> => Promise.resolve(false)
const fail = (): Promise<boolean> => Promise.reject(new Error('the disk is full'))

function marks({ received }: NetPeer): (number | undefined)[] {
  return received.map(({ envelope }) => envelope[0])
}
