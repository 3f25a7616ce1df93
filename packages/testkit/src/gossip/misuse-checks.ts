import { assertSame } from '../store/assert.ts'
import {
  bytes,
  join,
  joinBoth,
  KEY,
  marks,
  pair,
  setPeers,
  star,
  until,
  WRONG_KEY,
  type GossipChecks,
} from './place.ts'

/** More than any implementation keeps for a listener that does not take them. */
const FLOOD = 600

/** What cannot be had by asking for it. */
export const MISUSE_CHECKS: GossipChecks = {
  async 'whoever is not named is neither sent to nor heard, whatever it knows'(place) {
    const [a, b, outsider] = await star(place)
    const ours = join(a, [b])
    const theirs = join(b, [a])
    const its = join(outsider, [a, b])
    await until(() => ours.peers === 1 && theirs.peers === 1)
    its.publish(bytes(1))
    ours.publish(bytes(2))
    await until(() => b.heard.length > 0)
    // Named at last, it is there, and what follows is all that it gets.
    setPeers(its, [])
    setPeers(ours, [b, outsider])
    setPeers(its, [a])
    await until(() => ours.peers === 2 && its.peers === 1)
    ours.publish(bytes(3))
    its.publish(bytes(4))
    await until(() => outsider.heard.length > 0 && a.heard.length > 0 && marks(b).includes(4))
    assertSame(marks(outsider), [3], 'what the outsider heard')
    assertSame(marks(a), [4], 'what was heard of it')
  },

  async 'one that is not named any more is gone'(place) {
    const [a, b] = await pair(place)
    const [ours, theirs] = await joinBoth(a, b)
    setPeers(ours, [])
    await until(() => ours.peers === 0 && theirs.peers === 0)
    ours.publish(bytes(1))
    theirs.publish(bytes(2))
    setPeers(theirs, [])
    setPeers(ours, [b])
    setPeers(theirs, [a])
    await until(() => ours.peers === 1 && theirs.peers === 1)
    ours.publish(bytes(3))
    theirs.publish(bytes(4))
    await until(() => a.heard.length > 0 && b.heard.length > 0)
    assertSame([marks(a), marks(b)], [[4], [3]], 'what both heard')
  },

  async 'what was made with another key is refused, and its sender is not heard any more'(place) {
    const [a, b, c] = await star(place)
    const ours = join(a, [b, c])
    // What comes over the other topic comes after what was sent before, since the connection is the same.
    const [, other] = await joinBoth(a, b, { name: 'other' })
    const bad = join(b, [a], { key: WRONG_KEY })
    await until(() => ours.peers === 1 && bad.peers === 1)
    for (let at = 0; at < 20; at += 1) bad.publish(bytes(at))
    other.publish(bytes(100))
    await until(() => marks(a).includes(100))
    // With the right key it is no better now than before, while another one that comes after it is let in.
    bad.leave()
    const right = join(b, [a], { key: KEY })
    const honest = join(c, [a])
    await until(() => honest.peers === 1)
    for (let at = 0; at < 20; at += 1) right.publish(bytes(at))
    other.publish(bytes(101))
    await until(() => marks(a).includes(101))
    honest.publish(bytes(102))
    await until(() => marks(a).includes(102))
    assertSame(marks(a), [100, 101, 102], 'what was heard')
  },

  async 'mistakes of our own are said'(place) {
    const { transport } = await place.peer()
    const topic = transport.topic({ name: 'one', key: KEY })
    const codes = [
      () => topic.publish(new Uint8Array()),
      () => topic.publish(new Uint8Array(16_385)),
      () => transport.topic({ name: 'one', key: KEY }),
      () => transport.topic({ name: 'Not a name', key: KEY }),
      () => transport.topic({ name: 'two', key: KEY.subarray(1) }),
    ].map(codeOf)
    assertSame(codes, ['too-large', 'too-large', 'topic-joined', 'bad-topic', 'bad-topic'], 'codes')
    topic.leave()
    topic.publish(bytes(1))
    topic.setPeers(['nobody'])
    assertSame(topic.peers, 0, 'peers of a topic that was left')
  },

  async 'envelopes that wait too long to be taken get lost, and the next ones come again'(place) {
    const [a, b] = await pair(place)
    const [ours, theirs] = await joinBoth(a, b)
    let release = (): void => undefined
    b.hold = new Promise((resolve) => (release = resolve))
    for (let at = 0; at < FLOOD; at += 1) ours.publish(numbered(at))
    theirs.publish(bytes(9))
    await until(() => a.heard.length > 0)
    release()
    let last = FLOOD
    await until(() => {
      ours.publish(numbered((last += 1)))
      return b.heard.some(({ envelope }) => numberIn(envelope) > FLOOD)
    })
    const came = b.heard.map(({ envelope }) => numberIn(envelope))
    assertSame(
      came,
      came.toSorted((one, other) => one - other),
      'the order in which they were taken',
    )
    if (came.length >= FLOOD) throw new Error(`${came.length} were kept`)
  },
}

function numbered(at: number): Uint8Array {
  const envelope = new Uint8Array(16)
  new DataView(envelope.buffer).setUint32(0, at)
  return envelope
}

function numberIn(envelope: Uint8Array): number {
  return new DataView(envelope.buffer, envelope.byteOffset).getUint32(0)
}

function codeOf(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}
