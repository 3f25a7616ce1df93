import type { Connection, Stream } from '@libp2p/interface'
import type { MailboxId } from '@sotto/interface'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'

import {
  bytesRecord,
  cpuMs,
  framed,
  HandConnection,
  HandStream,
  joined,
  MAX_CPU_MS,
  numberRecord,
  repeated,
  somePeer,
  turns,
  varint,
} from '../test/hostile/index.ts'
import { startPeer, until } from '../test/peers.ts'
import { startRelay } from '../test/relay.ts'
import { boundMessages } from './bounded-messages.ts'
import { messageBounds } from './message-bounds.ts'

const SEED = 20_261_128
const HOP = '/libp2p/circuit/relay/0.2.0/hop'
const STOP = '/libp2p/circuit/relay/0.2.0/stop'
const SIGNALLING = '/webrtc-signaling/0.0.1'

const running: { stop(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).toReversed()) await one.stop()
})

/** What a listener behind the bound is given. */
function heardBehind(which: 'first' | 'all', chunks: readonly Uint8Array[]): { stream: HandStream; heard: Uint8Array } {
  const stream = new HandStream('/test/1')
  boundMessages(stream, 300, which)
  const heard: Uint8Array[] = []
  stream.addEventListener('message', ({ data }) => heard.push(data.subarray()))
  for (const chunk of chunks) if (!stream.isOver) stream.deliver(chunk)
  return { stream, heard: joined(...heard) }
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
}

describe('the bound on messages', () => {
  test(`lets through what fits, however it is cut (seed ${SEED})`, () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 })
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 400 }), (all, size) => {
        const bytes = joined(...all.map(framed))
        const { stream, heard } = heardBehind('all', cut(bytes, size))
        expect(stream.isOver).toBe(false)
        expect(heard).toEqual(bytes)
      }),
      { seed: SEED },
    )
  })

  test(`ends the stream at the first length that does not, however it is cut (seed ${SEED})`, () => {
    const lengths = fc.oneof(fc.bigInt({ min: 301n, max: 2n ** 64n - 1n }), fc.constantFrom(301n, 2n ** 31n, 2n ** 53n))
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        lengths,
        fc.integer({ min: 1, max: 400 }),
        (good, length, size) => {
          const begun = joined(framed(good), varint(length))
          const { stream, heard } = heardBehind('all', cut(joined(begun, new Uint8Array(100)), size))
          expect(stream.isOver).toBe(true)
          expect(heard.length).toBeLessThan(begun.length)
        },
      ),
      { seed: SEED },
    )
  })

  test('of the first message leaves what follows alone', () => {
    const bytes = joined(framed(new Uint8Array(300)), varint(2 ** 31), new Uint8Array(1_000))
    for (const size of [bytes.length, 7]) {
      const { stream, heard } = heardBehind('first', cut(bytes, size))
      expect([stream.isOver, heard.length]).toEqual([false, bytes.length])
    }
  })
})

describe('what libp2p speaks for us', () => {
  /** A message of about 4 MB with almost two million addresses, which libp2p would decode. */
  const flood = framed(
    joined(numberRecord(1, 1), bytesRecord(2, repeated(bytesRecord(2, new Uint8Array(0)), 1_900_000))),
  )

  async function streamsOf(protocol: string): Promise<[inbound: HandStream, outbound: HandStream]> {
    const handlers = new Map<string, (stream: Stream, connection: Connection) => unknown>()
    const registrar = { handle: (name: string, handler: never) => void handlers.set(name, handler) }
    let onOpen = (_event: { detail: Connection }): void => undefined
    messageBounds()({ registrar, events: { addEventListener: (_type, listener) => (onOpen = listener) } })
    registrar.handle(protocol, (() => undefined) as never)
    const newStream = (name: string): HandStream => new HandStream(name)
    const connection = new HandConnection({ peer: await somePeer(), newStream })
    const inbound = new HandStream(protocol)
    handlers.get(protocol)?.(inbound, connection.asConnection)
    onOpen({ detail: connection.asConnection })
    return [inbound, (await connection.newStream(protocol)) as HandStream]
  }

  test.each([HOP, STOP, SIGNALLING])('%s: nothing of 4 MB of addresses is read, either way', async (protocol) => {
    for (const stream of await streamsOf(protocol)) {
      let heard = 0
      stream.addEventListener('message', ({ data }) => (heard += data.byteLength))
      expect(await cpuMs(async () => stream.deliver(flood))).toBeLessThan(MAX_CPU_MS)
      expect([stream.isOver, heard]).toEqual([true, 0])
    }
  })

  test('other protocols have bounds of their own', async () => {
    for (const stream of await streamsOf('/sotto/mailbox/1')) {
      stream.deliver(framed(new Uint8Array(100_000)))
      expect(stream.isOver).toBe(false)
    }
  })

  test('a relay that answers a reservation with 4 MB is not heard out, and its mailboxes are used on', async () => {
    const { node, address } = await startRelay()
    running.push(node)
    const answered = Promise.withResolvers<string>()
    await node.unhandle(HOP)
    await node.handle(HOP, (stream) => {
      stream.addEventListener('close', () => answered.resolve(stream.status))
      stream.send(flood)
    })
    const { transport, relays } = await startPeer({ transports: ['webrtc'] })
    running.push(transport)
    const relay = transport.relay(address)
    expect(await answered.promise).toBe('reset')
    await until(() => relays.some(({ reachable }) => reachable))
    const mailbox = 'ab'.repeat(32) as MailboxId
    const key = { seed: new Uint8Array(32).fill(1), publicKey: new Uint8Array(32).fill(2) }
    expect(await relay.list(mailbox, key, 0)).toEqual({ ok: false, reason: 'unknown' })
    await turns(1)
    expect(relay.reachable).toBe(true)
  })
})
