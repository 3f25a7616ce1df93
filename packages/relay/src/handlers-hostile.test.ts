import type { PeerId } from '@libp2p/interface'
import {
  announceExtremes,
  attack,
  bytesRecord,
  cpuMs,
  faultsIn,
  framed,
  HandConnection,
  type HandStream,
  hostileMessages,
  joined,
  MAX_CPU_MS,
  numberRecord,
  repeated,
  somePeer,
  turns,
  withExtremes,
} from '@sotto/net/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { lineOf, ServedRelay } from '../test/served.ts'

const SEED = 20_261_128
const MESSAGES = 10_000
const HOP = '/libp2p/circuit/relay/0.2.0/hop'
const PING = '/ipfs/ping/1.0.0'
const [RESERVE, CONNECT, STATUS] = [0, 1, 2]

let relay: ServedRelay
let attacker: PeerId
let friend: PeerId
beforeAll(async () => {
  relay = await ServedRelay.start()
  attacker = await somePeer()
  friend = await somePeer()
})
afterAll(() => relay.stop())

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn++) {
    if (turn > 10_000) throw new Error('An honest message was not answered.')
    await turns(1)
  }
}

const peerRecord = (id: Uint8Array, addresses: Uint8Array = new Uint8Array(0)): Uint8Array =>
  bytesRecord(2, joined(bytesRecord(1, id), addresses))
const reserve = numberRecord(1, RESERVE)
const connect = (peer: PeerId, addresses?: Uint8Array): Uint8Array =>
  joined(numberRecord(1, CONNECT), peerRecord(peer.toMultihash().bytes, addresses))

test('a relay serves these protocols and no others: no gossip, no DHT, no rendezvous, no pushed identities', () => {
  expect(relay.protocols.toSorted()).toEqual(['/ipfs/id/1.0.0', PING, HOP, '/sotto/mailbox/1'])
})

describe('circuits', () => {
  const open = (): HandStream => relay.open(HOP, new HandConnection({ peer: attacker }))

  async function reserved(): Promise<void> {
    const stream = relay.open(HOP, new HandConnection({ peer: friend }))
    stream.deliver(framed(reserve))
    await until(() => stream.answers.length > 0)
    // STATUS, a reservation, a limit, OK.
    const answer = joined(...stream.answers)
    if (answer.at(-2) !== 0x28 || answer.at(-1) !== 100 || answer.length < 100) throw new Error('No reservation.')
    if (!relay.node.services.circuit.reservations.has(friend)) throw new Error('It was not kept.')
  }

  const line = (): ReturnType<typeof lineOf> => {
    const connection = new HandConnection({ peer: attacker })
    return lineOf(relay.open(HOP, connection), connection, framed)
  }
  // Each message is a question with one answer, and that is the end of its stream.
  const target = { open: line, judge: () => () => true, honest: reserved }
  const good = (): Uint8Array[] => [
    reserve,
    connect(friend),
    connect(attacker),
    numberRecord(1, STATUS),
    joined(reserve, peerRecord(Uint8Array.of(0, 0))),
  ]

  test(`${MESSAGES} random, mutated and misplaced messages (seed ${SEED})`, async () => {
    const findings = await attack(target, hostileMessages(SEED, MESSAGES, good()))
    expect(faultsIn(findings)).toEqual([])
    expect(findings.refused).toBe(MESSAGES)
  })

  test('every length and number of a message at its extremes', async () => {
    const messages = good().flatMap((message) => withExtremes(message, 2_048))
    const findings = await attack(target, messages)
    expect(faultsIn(findings)).toEqual([])
    expect(findings.refused).toBe(messages.length)
    const { over, uncaught } = await announceExtremes(line, 2_048)
    expect(uncaught).toEqual([])
    // Nothing, as a message, is one without a type; of 2,047 and 2,048 bytes the rest is waited for.
    expect(over).toEqual([0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n])
  })

  test('a message of 4 MB with two million addresses is not read at all', async () => {
    const flood = framed(connect(friend, repeated(bytesRecord(2, new Uint8Array(0)), 1_900_000)))
    const times: number[] = []
    for (let time = 0; time < 3; time++) {
      const stream = open()
      times.push(
        await cpuMs(async () => {
          stream.deliver(flood)
          await turns(20)
        }),
      )
      expect(stream.isOver).toBe(true)
    }
    expect(Math.min(...times)).toBeLessThan(MAX_CPU_MS)
    await reserved()
  })

  test('who is refused is told so, and then his stream ends', async () => {
    const stream = open()
    stream.deliver(framed(connect(await somePeer())))
    await until(() => stream.isOver)
    // STATUS NO_RESERVATION (204).
    expect(joined(...stream.answers)).toEqual(framed(Uint8Array.of(0x08, STATUS, 0x28, 0xcc, 0x01)))
    await new Promise((resolve) => stream.addEventListener('close', resolve))
    expect(stream.status).toBe('aborted')
  })
})

describe('ping', () => {
  const WORD = Uint8Array.from({ length: 32 }, (_, at) => at)

  test(`${MESSAGES} messages of any length: no more than 1 KiB comes back on one stream (seed ${SEED})`, async () => {
    let most = 0
    const target = {
      open: () => {
        const connection = new HandConnection({ peer: attacker })
        const stream = relay.open(PING, connection)
        stream.addEventListener('close', () => (most = Math.max(most, joined(...stream.answers).length)))
        return lineOf(stream, connection)
      },
      judge: () => {
        let bytes = 0
        return (message: Uint8Array) => (bytes += message.length) > 1_024
      },
      honest: async () => {
        const stream = relay.open(PING, new HandConnection({ peer: friend }))
        stream.deliver(WORD)
        await until(() => stream.answers.length > 0)
        if (!Buffer.from(WORD).equals(joined(...stream.answers))) throw new Error('Another answer.')
        stream.end()
      },
    }
    const findings = await attack(target, hostileMessages(SEED, MESSAGES, [WORD, repeated(WORD, 20)]))
    expect(faultsIn(findings)).toEqual([])
    expect(most).toBeLessThanOrEqual(1_024)
  })
})
