import { expect, test } from 'vitest'

import { connect, startPeer, until } from '../../test/peers.ts'

/** More than gossipsub's scores put up with from one address: ten. */
const SPOKES = 14
const ABOUT = { name: 'topic0', key: new Uint8Array(32).fill(7) }

test('many members behind one address all hear each other by way of one that knows them all', async () => {
  const heard = new Map<number, Set<number>>()
  const hear = (at: number) => ({
    onGossip: (_topic: string, [mark = -1]: Uint8Array) => void heard.set(at, (heard.get(at) ?? new Set()).add(mark)),
  })
  const hub = await startPeer({ events: hear(SPOKES) })
  const spokes = await Promise.all(Array.from({ length: SPOKES }, (_, at) => startPeer({ events: hear(at) })))
  try {
    for (const spoke of spokes) await connect(spoke, hub)
    const all = [...spokes, hub]
    const topics = all.map((peer) => peer.transport.topic(ABOUT))
    for (const topic of topics) topic.setPeers(all.map(({ transport }) => transport.peerId))
    await until(() => topics.every(({ peers }, at) => peers === (at === SPOKES ? SPOKES : 1)))
    // More than the mesh takes in when members come; the next heartbeats fill it, and what is lost until then is sent again.
    let round = 0
    await until(() => {
      round += 1
      for (const [at, topic] of topics.entries()) topic.publish(Uint8Array.of(at, round, round >> 8))
      return topics.every((_, at) => heard.get(at)?.size === SPOKES)
    })
    expect(all.map((_, at) => heard.get(at)?.has(at))).toEqual(all.map(() => false))
  } finally {
    await Promise.all([hub, ...spokes].map(({ transport }) => transport.stop()))
  }
})
