import { randomBytes } from 'node:crypto'

import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { Libp2p, PrivateKey } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { ok, refuse, type Address, type MailboxId, type MailboxParams } from '@sotto/interface'
import { createLibp2p } from 'libp2p'

import { mailboxServer, pings, type MailboxService } from '../src/mailbox/index.ts'
import { clock, silent } from './clock.ts'
import { crypto } from './crypto.ts'

export interface TestRelay {
  readonly node: Libp2p
  /** Its WebSocket address. */
  readonly address: Address
}

/** What a relay stores, which outlives it. Its own rules are tested in the relay's room. */
export function memoryMailboxes(): MailboxService {
  const mailboxes = new Map<MailboxId, MailboxParams>()
  let seq = 0
  return {
    find: (mailbox) => mailboxes.get(mailbox),
    create: async (mailbox, params) => {
      mailboxes.set(mailbox, params)
      return ok(undefined)
    },
    put: async () => ok({ seq: (seq += 1), fresh: true }),
    list: () => ({ entries: [], last: seq }),
    get: () => [],
    putBlob: async () => refuse('quota'),
    getBlob: () => undefined,
    deleteBlob: async () => refuse('unknown'),
  }
}

/** A relay on loopback: circuits with the usual limits, and the mailbox protocol. */
export async function startRelay(
  about: { privateKey?: PrivateKey; port?: number; service?: MailboxService; unlimited?: boolean } = {},
): Promise<TestRelay> {
  const metrics = { count: () => undefined }
  const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
  const node = await createLibp2p({
    ...(about.privateKey === undefined ? {} : { privateKey: about.privateKey }),
    addresses: { listen: [`/ip4/127.0.0.1/tcp/${about.port ?? 0}/ws`, '/ip4/127.0.0.1/tcp/0'] },
    transports: [webSockets(), tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: Number.POSITIVE_INFINITY },
    services: {
      identify: identify({ runOnConnectionOpen: false }),
      ping: pings(),
      circuits: circuitRelayServer({ reservations: { applyDefaultLimit: about.unlimited !== true } }),
      mailbox: mailboxServer({
        service: about.service ?? memoryMailboxes(),
        crypto,
        random,
        clock,
        metrics,
        logger: silent,
        sourceOf: () => 'loopback',
      }),
    },
  })
  const address = node
    .getMultiaddrs()
    .map((known) => known.toString())
    .find((known) => known.includes('/ws/'))
  if (address === undefined) throw new Error('the relay does not listen')
  return { node, address: address as Address }
}
