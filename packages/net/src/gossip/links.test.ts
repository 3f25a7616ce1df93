import type { Connection } from '@libp2p/interface'
import { GOSSIP_PROTOCOL } from '@sotto/wire'
import { expect, test } from 'vitest'

import { Time } from '../../test/clock.ts'
import { Gate } from '../gate.ts'
import type { Node } from '../platform.ts'
import { Links } from './links.ts'

const PROTOCOL = `${GOSSIP_PROTOCOL}topic0`

/** Whether a stream is opened to a peer that is named, on such a connection. */
async function isOpened(about: Partial<Connection>, isProved: boolean): Promise<boolean> {
  let isAsked = false
  const connection = {
    remotePeer: { toString: () => 'bob' },
    direct: true,
    status: 'open',
    newStream: () => {
      isAsked = true
      return Promise.reject(new Error('nobody there'))
    },
    ...about,
  } as unknown as Connection
  const gate = new Gate(new Time())
  if (isProved) gate.prove(connection)
  const node = { getConnections: () => [connection] } as unknown as Node
  const links = new Links({ node, gate, protocol: PROTOCOL, isBarred: () => false, onDrop: () => undefined })
  await links.registrar.register?.(PROTOCOL, {})
  links.set(['bob'])
  return isAsked
}

test('streams are opened on direct connections past hello only, never over a circuit', async () => {
  expect(await isOpened({}, true)).toBe(true)
  expect(await isOpened({}, false)).toBe(false)
  expect(await isOpened({ direct: false }, true)).toBe(false)
  expect(await isOpened({ limits: { seconds: 120 } }, true)).toBe(false)
  expect(await isOpened({ status: 'closing' }, true)).toBe(false)
})

test('a topic is served on a connection past hello, to whichever side, and on no other', () => {
  const gate = new Gate(new Time())
  for (const direction of ['inbound', 'outbound'] as const) {
    const connection = { remotePeer: { toString: () => 'bob' }, direct: true, direction } as Connection
    expect(gate.admits(PROTOCOL, connection)).toBe(false)
    gate.prove(connection)
    expect(gate.admits(PROTOCOL, connection)).toBe(true)
    const circuit = { ...connection, direct: false } as Connection
    gate.prove(circuit)
    expect(gate.admits(PROTOCOL, circuit)).toBe(false)
  }
})
