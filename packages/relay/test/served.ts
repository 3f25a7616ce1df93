import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { HandStream, type HandConnection, type RawLine } from '@sotto/net/testing'

import { AddressCaps, addressOf } from '../src/address-caps.ts'
import { createRelayLibp2p, type RelayLibp2p } from '../src/libp2p.ts'
import { lineLogger } from '../src/logger.ts'
import { peerKeyOf } from '../src/peer-key.ts'
import { nodeClock, nodeCrypto } from '../src/platform.ts'
import { Storage } from '../src/storage/service.ts'

type Handler = (stream: Stream, connection: Connection) => unknown

/** A relay's own libp2p in this process, with its handlers in the test's hand: no sockets, so that a message's cost can be measured. */
export class ServedRelay {
  readonly node: RelayLibp2p
  readonly storage: Storage
  readonly counted = new Map<string, number>()
  readonly #directory: string

  private constructor(node: RelayLibp2p, storage: Storage, directory: string, counted: Map<string, number>) {
    this.node = node
    this.storage = storage
    this.counted = counted
    this.#directory = directory
  }

  static async start(): Promise<ServedRelay> {
    const directory = mkdtempSync(join(tmpdir(), 'relay-served-'))
    const logger = lineLogger(() => undefined)
    const storage = new Storage({ directory, maxBytes: 1e9, maxBytesPerSource: 1e9, clock: nodeClock, logger })
    const counted = new Map<string, number>()
    const caps = new AddressCaps(200, () => undefined)
    const node = await createRelayLibp2p({
      key: await peerKeyOf(directory),
      listen: ['/ip4/127.0.0.1/tcp/0/ws'],
      announce: [],
      maxConnections: 1_000,
      connectionsPerSecond: 1_000,
      gater: { ...caps.gater, denyInboundRelayReservation: () => false },
      admits: caps.admits,
      mailbox: {
        service: storage,
        crypto: nodeCrypto,
        // The same challenge for everybody, so that what was signed once is good for every session.
        random: { bytes: (length) => new Uint8Array(length) },
        clock: nodeClock,
        metrics: { count: (name, _labels, by = 1) => void counted.set(name, (counted.get(name) ?? 0) + by) },
        logger,
        sourceOf: addressOf,
      },
    })
    await node.start()
    return new ServedRelay(node, storage, directory, counted)
  }

  get protocols(): string[] {
    return this.node.getProtocols()
  }

  /** A stream of that protocol on that connection, which the relay's handler has got. */
  open(protocol: string, connection: HandConnection): HandStream {
    const stream = new HandStream(protocol)
    const { handler } = registrarOf(this.node).getHandler(protocol)
    // As libp2p does: what a handler is rejected with ends the stream.
    void Promise.resolve(handler(stream, connection.asConnection)).catch((error: Error) => stream.abort(error))
    return stream
  }

  async stop(): Promise<void> {
    await this.node.stop()
    this.storage.close()
    rmSync(this.#directory, { recursive: true })
  }
}

/** libp2p keeps it to itself; it is where a stream's handler is looked up. */
function registrarOf(node: Libp2p): { getHandler(protocol: string): { handler: Handler } } {
  return (node as unknown as { components: { registrar: { getHandler(protocol: string): { handler: Handler } } } })
    .components.registrar
}

/** A stream on a connection: over when either is. */
export function lineOf(stream: HandStream, connection: HandConnection, frame = (bytes: Uint8Array) => bytes): RawLine {
  return {
    deliver: (bytes) => stream.deliver(frame(bytes)),
    raw: (bytes) => stream.deliver(bytes),
    get isOver() {
      return stream.isOver || connection.status === 'closed'
    },
    end() {
      stream.end()
      connection.abort()
    },
  }
}
