import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection, Libp2p, MultiaddrConnection, PrivateKey } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import type { Address } from '@sotto/interface'
import { createLibp2p, type ServiceFactoryMap } from 'libp2p'

export type Below = Pick<MultiaddrConnection, 'send' | 'status' | 'addEventListener'>

export interface Attacker {
  readonly node: Libp2p
  /** A new connection, and what is below its streams: bytes that are sent there reach the other side's multiplexer as they are. */
  connect(address: Address): Promise<{ connection: Connection; below: Below }>
}

/** A libp2p node that keeps to nothing: it may lie about its key, and write below its streams. */
export async function startAttacker(
  about: { privateKey?: PrivateKey; services?: ServiceFactoryMap } = {},
): Promise<Attacker> {
  const below: Below[] = []
  const node = await createLibp2p({
    privateKey: about.privateKey ?? (await generateKeyPair('Ed25519')),
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [
      () => {
        const muxers = yamux()()
        const create = muxers.createStreamMuxer.bind(muxers)
        muxers.createStreamMuxer = (connection) => {
          below.push(connection as unknown as MultiaddrConnection)
          return create(connection)
        }
        return muxers
      },
    ],
    connectionGater: { denyDialMultiaddr: () => false },
    connectionMonitor: { enabled: false },
    services: about.services ?? {},
  })
  return {
    node,
    async connect(address) {
      const connection = await node.dial(multiaddr(address), { force: true })
      const under = below.at(-1)
      if (under === undefined) throw new Error('There is nothing below.')
      return { connection, below: under }
    },
  }
}

/** A key that says it is another's: signatures are by the one, the public key is the other's. */
export async function stolenKey(): Promise<PrivateKey> {
  const [own, victims] = [await generateKeyPair('Ed25519'), await generateKeyPair('Ed25519')]
  return new Proxy(own, {
    get(target, name) {
      const value: unknown = Reflect.get(name === 'publicKey' ? victims : target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
