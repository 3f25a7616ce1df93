import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import type { Connection, PeerId, Stream } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { webRTC } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { clock } from '../test/clock.ts'
import {
  attack,
  bytesRecord,
  faultsIn,
  framed,
  HandConnection,
  HandStream,
  hostileMessages,
  joined,
  numberRecord,
  somePeer,
  type Line,
} from '../test/hostile/index.ts'
import { startRelay, type TestRelay } from '../test/relay.ts'
import { ask } from '../test/stranger.ts'
import { CIRCUIT_OPTIONS } from './circuits.ts'
import { commonOptions } from './common.ts'
import { CIRCUIT_STOP_PROTOCOL, Gate, SIGNALLING_PROTOCOL } from './gate.ts'
import { PING_PROTOCOL } from './pings.ts'
import type { Node } from './platform.ts'

const SEED = 20_261_128
const MESSAGES = 10_000
/** `bindAddress` is Node's own. */
const LOOPBACK = { iceServers: [], bindAddress: '127.0.0.1' }

type Handler = (stream: Stream, connection: Connection) => unknown

let relay: TestRelay
let gate: Gate
let victim: Node
/** The relay's own connection to the victim, whom it has given a reservation. */
let connection: Connection
beforeEach(async () => {
  relay = await startRelay()
  gate = new Gate(clock)
  gate.addRelay(relay.node.peerId.toString())
  victim = await createLibp2p({
    ...commonOptions(gate, clock),
    addresses: { listen: ['/webrtc'] },
    transports: [tcp(), webSockets(), circuitRelayTransport(CIRCUIT_OPTIONS), webRTC({ rtcConfiguration: LOOPBACK })],
  })
  await victim.start()
  await victim.services.circuits.reserve(await victim.dial(multiaddr(relay.address)))
  const [there] = relay.node.getConnections()
  if (there === undefined) throw new Error('The relay has no connection.')
  connection = there
})
afterEach(async () => {
  await victim.stop()
  await relay.node.stop()
})

/** A stream of that protocol from that peer, as libp2p hands it to its handler. */
function lineFrom(peer: PeerId, protocol: string): Line {
  const registrar = (
    victim as unknown as { components: { registrar: { getHandler(name: string): { handler: Handler } } } }
  ).components.registrar
  const stream = new HandStream(protocol)
  const from = new HandConnection({ peer })
  void Promise.resolve(registrar.getHandler(protocol).handler(stream, from.asConnection)).catch((error: Error) =>
    stream.abort(error),
  )
  return {
    deliver: (bytes) => stream.deliver(framed(bytes)),
    get isOver() {
      return stream.isOver
    },
    end: () => stream.end(),
  }
}

/** The relay asks over its real connection whether the victim is there. */
async function honest(): Promise<void> {
  const word = crypto.getRandomValues(new Uint8Array(32))
  const answer = await ask(connection, PING_PROTOCOL, word)
  if (!Buffer.from(word).equals(answer ?? new Uint8Array(0))) throw new Error('Another answer.')
}

test(`circuits that a relay announces: ${MESSAGES} random, mutated and misplaced messages (seed ${SEED})`, async () => {
  const stranger = bytesRecord(2, bytesRecord(1, (await somePeer()).toMultihash().bytes))
  const good = [
    // CONNECT of somebody who was not announced; of nobody; STATUS; of no peer id, with a limit.
    joined(numberRecord(1, 0), stranger),
    numberRecord(1, 0),
    joined(numberRecord(1, 1), numberRecord(4, 100)),
    joined(
      numberRecord(1, 0),
      bytesRecord(2, bytesRecord(1, Uint8Array.of(0, 0))),
      bytesRecord(3, numberRecord(2, 2 ** 53)),
    ),
  ]
  const open = (): Line => lineFrom(relay.node.peerId, CIRCUIT_STOP_PROTOCOL)
  const findings = await attack({ open, judge: () => () => true, honest }, hostileMessages(SEED, MESSAGES, good))
  expect(faultsIn(findings)).toEqual([])
  expect(findings.refused).toBe(MESSAGES)
  expect(victim.getConnections()).toHaveLength(1)
})

test(`offers of WebRTC by an announced peer: ${MESSAGES} random, mutated and misplaced messages (seed ${SEED})`, async () => {
  const peer = await somePeer()
  gate.expect(peer.toString(), Date.now() + 600_000)
  const text = (value: string): Uint8Array => Buffer.from(value)
  const good = [
    // An offer that is none, an answer, a candidate before its offer.
    joined(numberRecord(1, 0), bytesRecord(2, text('v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n'))),
    joined(numberRecord(1, 1), bytesRecord(2, text('v=0'))),
    joined(numberRecord(1, 2), bytesRecord(2, text('{"candidate":"candidate:1 1 UDP 1 127.0.0.1 9 typ host"}'))),
  ]
  const open = (): Line => lineFrom(peer, SIGNALLING_PROTOCOL)
  const findings = await attack({ open, judge: () => () => true, honest }, hostileMessages(SEED, MESSAGES, good))
  expect(faultsIn(findings)).toEqual([])
  expect(findings.refused).toBe(MESSAGES)
  expect(victim.getConnections()).toHaveLength(1)
})
