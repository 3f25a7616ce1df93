import type { Connection, PeerId } from '@libp2p/interface'
import { expect, test } from 'vitest'

import { Time } from '../test/clock.ts'
import { Gate } from './gate.ts'

function peerId(name: string): PeerId {
  return { toString: () => name } as PeerId
}

function connection(name: string, about: Partial<Connection> = {}): Connection {
  return { remotePeer: peerId(name), direct: true, direction: 'inbound', ...about } as Connection
}

const SIGNALLING = '/webrtc-signaling/0.0.1'
const STOP = '/libp2p/circuit/relay/0.2.0/stop'
const PING = '/ipfs/ping/1.0.0'

test('circuits come through relays in use and from announced peers only, for as long as they are announced', () => {
  const time = new Time()
  const gate = new Gate(time)
  const denies = (relay: string, peer: string): unknown =>
    gate.gater().denyInboundRelayedConnection?.(peerId(relay), peerId(peer))
  expect(denies('relay', 'bob')).toBe(true)
  gate.addRelay('relay')
  expect(denies('relay', 'bob')).toBe(true)
  gate.expect('bob', 1_000)
  expect(denies('relay', 'bob')).toBe(false)
  expect(denies('another', 'bob')).toBe(true)
  // A later announcement does not shorten an earlier one.
  gate.expect('bob', 500)
  time.go(999)
  expect(denies('relay', 'bob')).toBe(false)
  time.go(1)
  expect(denies('relay', 'bob')).toBe(true)
  gate.expect('bob', 5_000)
  gate.removeRelay('relay')
  expect(denies('relay', 'bob')).toBe(true)
})

test('what is served on a connection depends on who is on its other end', () => {
  const gate = new Gate(new Time())
  gate.addRelay('relay')
  gate.expect('bob', 1_000)
  const proved = connection('carol')
  gate.prove(proved)
  const served = (over: Connection): string[] =>
    [SIGNALLING, STOP, PING, 'hello'].filter((protocol) => gate.admits(protocol, over))
  expect(served(connection('relay', { direction: 'outbound' }))).toEqual([STOP, PING])
  expect(served(connection('stranger'))).toEqual(['hello'])
  expect(served(connection('bob'))).toEqual([SIGNALLING, 'hello'])
  expect(served(proved)).toEqual([SIGNALLING, PING, 'hello'])
  expect(served(connection('bob', { direct: false }))).toEqual([SIGNALLING])
  expect(served(connection('bob', { limits: { seconds: 1 } } as never))).toEqual([SIGNALLING])
  expect(served(connection('carol', { direct: false }))).toEqual([])
})
