import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { GOSSIP_PROTOCOL, MAILBOX_PROTOCOL } from '@sotto/wire'
import { createLibp2p } from 'libp2p'
import { expect, it } from 'vitest'

import { lineLogger } from './logger.ts'
import { createRelay } from './relay.ts'

it('speaks no gossip: no protocol of that kind is among those that it names, or is served', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'relay-'))
  const relay = await createRelay({ directory, port: 0, logger: lineLogger(() => undefined) })
  const peer = await createLibp2p({
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify({ runOnConnectionOpen: false }) },
  })
  try {
    const connection = await peer.dial(multiaddr(relay.addresses[0]))
    const { protocols } = await peer.services.identify.identify(connection)
    expect(protocols).toContain(MAILBOX_PROTOCOL)
    expect(protocols.filter((name) => /gossip|meshsub|floodsub|pubsub/.test(name))).toEqual([])
    for (const name of [`${GOSSIP_PROTOCOL}topic0`, '/meshsub/1.2.0', '/meshsub/1.1.0', '/floodsub/1.0.0']) {
      await expect(connection.newStream(name)).rejects.toThrow()
    }
  } finally {
    await peer.stop()
    await relay.stop()
    rmSync(directory, { recursive: true })
  }
})
