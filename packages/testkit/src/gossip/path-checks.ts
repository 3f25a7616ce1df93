import type { Topic } from '@sotto/interface'

import { assertSame } from '../store/assert.ts'
import {
  bytes,
  join,
  joinBoth,
  KEY,
  line,
  marks,
  pair,
  setPeers,
  until,
  WRONG_KEY,
  type GossipChecks,
  type GossipPeer,
} from './place.ts'

/** More than anybody looks for. */
const PARTY = 6

/** Where an envelope gets to. */
export const PATH_CHECKS: GossipChecks = {
  async 'an envelope reaches, once, those that are connected only by way of others'(place) {
    const [a, b, c] = await line(place)
    const topics = [join(a, [b, c]), join(b, [a, c]), join(c, [a, b])]
    await until(() => topics.map(({ peers }) => peers).join() === '1,2,1')
    topics[0]?.publish(bytes(1))
    topics[2]?.publish(bytes(2, 16_384))
    await until(() => a.heard.length > 0 && b.heard.length > 1 && c.heard.length > 0)
    // Sent again it comes to nobody again: what is sent next comes right after it.
    topics[0]?.publish(bytes(1))
    topics[0]?.publish(bytes(3))
    await until(() => c.heard.length > 1)
    assertSame(a.heard, [{ topic: 'topic0', envelope: bytes(2, 16_384) }], 'what the first heard')
    assertSame(new Set(marks(b)).size, 3, 'how much the middle heard')
    assertSame(
      c.heard.map(({ envelope }) => envelope),
      [bytes(1), bytes(3)],
      'what the last heard',
    )
  },

  async 'two parties that have but one path between them hear each other'(place) {
    const hubs = await pair(place)
    const spokes: GossipPeer[] = []
    const topics: Topic[] = []
    for (const hub of hubs) {
      for (let at = 0; at < PARTY; at += 1) {
        const spoke = await place.peer()
        await place.connect(hub, spoke)
        spokes.push(spoke)
        topics.push(join(spoke, hubs))
      }
    }
    // The hubs have neighbours enough before they see each other.
    for (const hub of hubs) topics.push(join(hub, spokes))
    await until(() => topics.map(({ peers }) => peers).join() === [...spokes.map(() => 1), PARTY, PARTY].join())
    for (const [at, topic] of topics.slice(-2).entries())
      setPeers(topic, [...spokes, ...hubs.filter((_, other) => other !== at)])
    await until(() => topics.slice(-2).every(({ peers }) => peers === PARTY + 1))
    // What is sent before the neighbours of all are chosen may get lost.
    let [at, next] = [0, 0]
    await until(() => {
      if (performance.now() >= next) topics[0]?.publish(bytes((at += 1)))
      next = Math.max(next, Math.floor(performance.now() / 100) * 100 + 100)
      return spokes.slice(1).every((spoke) => spoke.heard.length > 0)
    })
  },

  async 'what is published with nobody there waits for the first of those that were named'(place) {
    const [a, b] = await pair(place)
    const ours = join(a, [])
    ours.publish(bytes(1))
    setPeers(ours, [b])
    ours.publish(bytes(2))
    // Enough of it that some is lost: that which is oldest.
    for (let at = 0; at < 100; at += 1) ours.publish(bytes(at < 50 ? 3 : 4, at + 1))
    const theirs = join(b, [a])
    await until(() => ours.peers === 1 && theirs.peers === 1)
    ours.publish(bytes(5))
    await until(() => marks(b).includes(5))
    const count = (mark: number): number => marks(b).filter((each) => each === mark).length
    assertSame([1, 2, 4, 5].map(count), [0, 0, 50, 1], 'what was heard')
    if (count(3) >= 50) throw new Error('everything was kept')
  },

  async 'one that is named before it is connected takes part when it is'(place) {
    const [a, b] = [await place.peer(), await place.peer()]
    const [ours, theirs] = [join(a, [b]), join(b, [a])]
    await place.connect(a, b)
    await until(() => ours.peers === 1 && theirs.peers === 1)
    ours.publish(bytes(1))
    await until(() => b.heard.length > 0)
    assertSame(marks(b), [1], 'what was heard')
  },

  async 'topics know nothing of each other'(place) {
    const [a, b] = await pair(place)
    const [one] = await joinBoth(a, b, { name: 'one' })
    const [two] = await joinBoth(a, b, { name: 'two', key: WRONG_KEY })
    // The same bytes in another topic first do not keep them from their own.
    for (const topic of [one, two]) topic.publish(bytes(1))
    for (const topic of [one, two]) topic.publish(bytes(2))
    await until(() => marks(b).filter((mark) => mark === 2).length === 2)
    assertSame(b.heard.map(({ topic }) => topic).toSorted(), ['one', 'one', 'two', 'two'], 'where it came')
  },

  async 'one that was left can be joined again at once, with another key'(place) {
    const [a, b] = await pair(place)
    for (const topic of await joinBoth(a, b, { key: KEY })) topic.leave()
    const [ours] = await joinBoth(a, b, { key: WRONG_KEY })
    ours.publish(bytes(1))
    await until(() => b.heard.length > 0)
    assertSame(marks(b), [1], 'what was heard')
  },

  async 'topics end with the transport'(place) {
    const [a, b] = await pair(place)
    const [ours, theirs] = await joinBoth(a, b)
    await b.transport.stop()
    await until(() => ours.peers === 0)
    theirs.publish(bytes(1))
    ours.publish(bytes(2))
    assertSame(theirs.peers, 0, 'peers of a topic that has ended')
    assertSame([a.heard.length, b.heard.length], [0, 0], 'what came')
  },
}
