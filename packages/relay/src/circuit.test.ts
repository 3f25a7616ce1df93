import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { Libp2p, Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { lineLogger } from './logger.ts'
import { createRelay, type RelayInit, type RelayNode } from './relay.ts'

const PROTOCOL = '/test/1'

let directory: string
let relay: RelayNode
const peers: Libp2p[] = []

async function start(init: Partial<RelayInit> = {}): Promise<void> {
  relay = await createRelay({ directory, port: 0, logger: lineLogger(() => undefined), ...init })
}

/** A peer that can be reached over the relay, and hands every stream of the protocol to `onStream`. */
async function peer(onStream: (stream: Stream) => void = () => undefined): Promise<Libp2p> {
  const node = await createLibp2p({
    addresses: { listen: [`${relay.addresses[0]}/p2p-circuit`] },
    transports: [webSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    connectionMonitor: { enabled: false },
    services: { identify: identify() },
  })
  peers.push(node)
  await node.handle(PROTOCOL, onStream, { runOnLimitedConnection: true })
  return node
}

async function figure(name: string): Promise<number> {
  const text = await (await fetch(`${relay.health}/metrics`)).text()
  return Number(new RegExp(`^sotto_relay_${name}(?:{.*})? (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise(setImmediate)
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-circuit-'))
})

afterEach(async () => {
  await Promise.all(peers.splice(0).map(async (each) => each.stop()))
  await relay.stop()
  rmSync(directory, { recursive: true })
})

describe('a circuit', () => {
  it('carries signalling between two peers, and ends where messages would begin', async () => {
    await start()
    let received = 0
    const bob = await peer((stream) => stream.addEventListener('message', ({ data }) => (received += data.byteLength)))
    const alice = await peer()
    const address = `${relay.addresses[0]}/p2p-circuit/p2p/${bob.peerId.toString()}`
    const connection = await alice.dial(multiaddr(address))
    const stream = await connection.newStream(PROTOCOL, { runOnLimitedConnection: true })
    stream.send(new Uint8Array(20_000))
    await until(() => received === 20_000)
    const closed = new Promise((resolve) => connection.addEventListener('close', resolve))
    while (connection.status === 'open' && stream.status === 'open') {
      stream.send(new Uint8Array(16_384))
      await new Promise(setImmediate)
    }
    await closed
    expect(received).toBeLessThan(2 * 131_072)
    expect(alice.getConnections()).toHaveLength(1) // To the relay, which goes on.
  })

  it('is reserved for who is connected, and free again when he has gone', async () => {
    await start()
    const bob = await peer()
    await until(async () => (await figure('reservations')) === 1)
    await bob.stop()
    await until(async () => (await figure('connections')) === 0)
    expect(await figure('reservations')).toBe(0)
  })
})
