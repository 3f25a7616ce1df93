import { afterEach, beforeEach, expect, test } from 'vitest'

import { connect, startPeer, until, type Peer } from '../../test/peers.ts'

const ABOUT = { name: 'topic0', key: new Uint8Array(32).fill(7) }

let heard: number[]
let a: Peer
let b: Peer
beforeEach(async () => {
  heard = []
  a = await startPeer()
  b = await startPeer({ events: { onGossip: (_topic, [mark = -1]) => void heard.push(mark) } })
})
afterEach(async () => {
  await Promise.all([a.transport.stop(), b.transport.stop()])
})

test('a topic moves on to another path to the same peer when its own ends, whoever ends it', async () => {
  let session = await connect(a, b, 'talk0')
  const topics = [a, b].map(({ transport }) => transport.topic(ABOUT))
  topics[0]?.setPeers([b.transport.peerId])
  topics[1]?.setPeers([a.transport.peerId])
  for (let round = 1; round <= 10; round += 1) {
    await until(() => topics.every(({ peers }) => peers === 1))
    const next = await connect(round % 3 === 0 ? b : a, round % 3 === 0 ? a : b, `talk${round}`)
    session.close()
    session = next
    // What is sent while it moves may get lost.
    await until(() => {
      topics[0]?.publish(Uint8Array.of(round, heard.length, Math.floor(performance.now() / 20)))
      return heard.includes(round)
    })
  }
  expect(new Set(heard)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
})

test('a topic comes back with the path, and what was published meanwhile comes with it', async () => {
  const session = await connect(a, b)
  const topics = [a, b].map(({ transport }) => transport.topic(ABOUT))
  topics[0]?.setPeers([b.transport.peerId])
  topics[1]?.setPeers([a.transport.peerId])
  await until(() => topics.every(({ peers }) => peers === 1))
  session.close()
  await until(() => topics.every(({ peers }) => peers === 0))
  topics[0]?.publish(Uint8Array.of(1))
  await connect(b, a)
  await until(() => topics.every(({ peers }) => peers === 1))
  topics[0]?.publish(Uint8Array.of(2))
  await until(() => heard.length > 1)
  expect(heard).toEqual([1, 2])
})
