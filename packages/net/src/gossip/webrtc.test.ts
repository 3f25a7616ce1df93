import { afterEach, expect, test } from 'vitest'

import { connect, startPeer, until, type Peer } from '../../test/peers.ts'
import { startRelay, type TestRelay } from '../../test/relay.ts'

const ABOUT = { name: 'topic0', key: new Uint8Array(32).fill(7) }

let relay: TestRelay
const peers: Peer[] = []
afterEach(async () => {
  await Promise.all(peers.map(({ transport }) => transport.stop()))
  await relay.node.stop()
})

test('a topic over WebRTC reaches, by way of one, who has no path; it outlives the relay, and the relay hears nothing of it', async () => {
  relay = await startRelay()
  const heard: Uint8Array[] = []
  for (const at of [0, 1, 2]) {
    peers.push(
      await startPeer({
        through: [relay.address],
        events: { onGossip: (_topic, envelope) => void (at === 2 && heard.push(envelope)) },
      }),
    )
  }
  const [a, b, c] = peers as [Peer, Peer, Peer]
  const sessions = [await connect(a, b), await connect(b, c)]
  expect(sessions.map(({ path }) => path.transport)).toEqual(['webrtc', 'webrtc'])
  const protocols = relay.node.getProtocols()
  const topics = peers.map(({ transport }) => transport.topic(ABOUT))
  for (const topic of topics)
    topic.setPeers([...peers.map(({ transport }) => transport.peerId), relay.node.peerId.toString()])
  await until(() => topics.map(({ peers: there }) => there).join() === '1,2,1')
  expect(relay.node.getProtocols()).toEqual(protocols)
  await relay.node.stop()
  topics[0]?.publish(new Uint8Array(16_384).fill(1))
  await until(() => heard.length > 0)
  expect(heard).toEqual([new Uint8Array(16_384).fill(1)])
})
