import type { Address, Logger } from '@sotto/interface'

import { AddressCaps, addressOf } from './address-caps.ts'
import type { RelayError } from './errors.ts'
import { Health } from './health.ts'
import { createRelayLibp2p, type RelayLibp2p } from './libp2p.ts'
import { listeningError } from './listen.ts'
import { peerKeyOf } from './peer-key.ts'
import { nodeClock, nodeCrypto, nodeRandom } from './platform.ts'
import { RelayMetrics } from './relay-metrics.ts'
import { Storage } from './storage/service.ts'

export interface RelayInit {
  /** The data folder: the relay's key and its mailboxes. */
  readonly directory: string
  /** @default '127.0.0.1' */
  readonly host?: string
  /** For WebSocket. 0: whichever is free. */
  readonly port: number
  /** For plain TCP, which terminals may use. @default none */
  readonly tcpPort?: number
  /** Addresses under which others reach the relay, if not those it listens on. */
  readonly announce?: readonly string[]
  /** For `/healthz`, `/readyz` and `/metrics` on 127.0.0.1. @default 0, whichever is free */
  readonly healthPort?: number
  /** @default 1_000 */
  readonly maxConnections?: number
  /** @default 200 on loopback, else 16 */
  readonly maxPerAddress?: number
  /** What all mailboxes and blobs may take. @default 4 GiB */
  readonly maxBytes?: number
  /** What one address may add in a day. @default all on loopback, else 256 MiB */
  readonly maxBytesPerAddress?: number
  /** A bound on the database file in pages of 4 KiB. @default none */
  readonly maxPages?: number
  readonly logger: Logger
}

/** A relay that runs. */
export interface RelayNode {
  readonly id: string
  /** WebSocket first. */
  readonly addresses: readonly Address[]
  /** Base URL of the health page. */
  readonly health: string
  /** Ends connections and closes the data folder; safe to call twice. */
  stop(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
const GIB = 1024 ** 3
/** What one address may add in a day, on a relay that others can reach. */
export const BYTES_PER_ADDRESS: number = 256 * 1024 ** 2

/** Starts a relay. Throws {@link RelayError} for a taken port or a data folder that cannot be used. */
export async function createRelay(init: RelayInit): Promise<RelayNode> {
  const { logger } = init
  const metrics = new RelayMetrics()
  const maxBytes = init.maxBytes ?? 4 * GIB
  const storage = new Storage({
    directory: init.directory,
    maxBytes,
    maxBytesPerSource: init.maxBytesPerAddress ?? (isLoopback(init.host ?? LOOPBACK) ? maxBytes : BYTES_PER_ADDRESS),
    clock: nodeClock,
    logger: logger.scope('storage'),
    ...(init.maxPages === undefined ? {} : { maxPages: init.maxPages }),
  })
  let node: RelayLibp2p | undefined
  let ready = false
  const health = new Health({ port: init.healthPort ?? 0, registry: metrics.registry, isReady: () => ready })
  const stop = async (): Promise<void> => {
    ready = false
    // The data folder is closed whatever the others do.
    await Promise.allSettled([node?.stop(), health.stop()])
    storage.close()
  }
  try {
    node = await startLibp2p(init, storage, metrics)
    await health.start()
    watch(node, storage, metrics)
    void storage.sweep()
    ready = true
    logger.info('relay started')
    return { id: node.peerId.toString(), addresses: addressesOf(node), health: health.url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startLibp2p(init: RelayInit, storage: Storage, metrics: RelayMetrics): Promise<RelayLibp2p> {
  const { host = LOOPBACK, port, tcpPort, announce = [], logger } = init
  const perAddress = init.maxPerAddress ?? (isLoopback(host) ? 200 : 16)
  const caps = new AddressCaps(perAddress, (what) => metrics.count('refused_by_address', { what }))
  const ip = host.includes(':') ? 'ip6' : 'ip4'
  const node = await createRelayLibp2p({
    key: await peerKeyOf(init.directory),
    listen: [`/${ip}/${host}/tcp/${port}/ws`, ...(tcpPort === undefined ? [] : [`/${ip}/${host}/tcp/${tcpPort}`])],
    announce,
    maxConnections: init.maxConnections ?? 1_000,
    connectionsPerSecond: Math.max(16, 2 * perAddress),
    gater: caps.gater,
    admits: caps.admits,
    mailbox: {
      service: storage,
      crypto: nodeCrypto,
      random: nodeRandom,
      clock: nodeClock,
      metrics,
      logger: logger.scope('mailbox'),
      sourceOf: addressOf,
    },
  })
  node.addEventListener('peer:disconnect', ({ detail: peer }) => {
    caps.forget(peer)
    // libp2p keeps the reservation of a peer that has left for two hours: a thousand peer ids would fill the relay.
    node.services.circuit.reservations.delete(peer)
  })
  try {
    await node.start()
    return node
  } catch (error) {
    await Promise.resolve(node.stop()).catch(() => undefined)
    throw portError(error, host, port)
  }
}

/** libp2p puts the listeners' errors in the text of its own. */
function portError(error: unknown, host: string, port: number): RelayError {
  const text = error instanceof Error ? error.message : ''
  const code = /\b(EADDRINUSE|EADDRNOTAVAIL|EACCES)\b[^\n]*?(?::(\d+))?$/m.exec(text)
  if (code === null) return listeningError('relay', host, port, error)
  return listeningError('relay', host, Number(code[2] ?? port), Object.assign(new Error(text), { code: code[1] }))
}

function watch(node: RelayLibp2p, storage: Storage, metrics: RelayMetrics): void {
  const { mailbox, circuit } = node.services
  metrics.gauge('resident_bytes', 'memory of the process', () => process.memoryUsage.rss())
  metrics.gauge('connections', 'open connections', () => node.getConnections().length)
  metrics.gauge('reservations', 'circuit reservations', () => circuit.reservations.size)
  metrics.gauge('mailbox_sessions', 'open mailbox sessions', () => mailbox.sessions)
  metrics.gauge('subscriptions', 'mailboxes subscribed to', () => mailbox.subscriptions)
  metrics.gauge('kept_signals', 'signals kept in memory', () => mailbox.keptSignals)
  for (const name of ['bytes', 'mailboxes', 'entries', 'blobs'] as const) {
    metrics.gauge(`stored_${name}`, `${name} on disk`, () => storage.totals()[name])
  }
}

function addressesOf(node: RelayLibp2p): readonly Address[] {
  const addresses = node.getMultiaddrs().map((address) => address.toString() as Address)
  const isWebSocket = (address: string): boolean => /\/wss?(\/|$)/.test(address)
  return [...addresses.filter(isWebSocket), ...addresses.filter((address) => !isWebSocket(address))]
}

function isLoopback(host: string): boolean {
  return host === '::1' || host === 'localhost' || host.startsWith('127.')
}
