import type { Libp2p, Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import type { Address, MailboxId, MailboxKey, MailboxParams, RelayId } from '@sotto/interface'
import { openFrames, openMailboxSession, type MailboxSession } from '@sotto/net/mailbox'
import { MAILBOX_PROTOCOL, MAX_SERVER_FRAME_BYTES } from '@sotto/wire'
import { createLibp2p } from 'libp2p'

import { nodeClock, nodeCrypto, nodeRandom } from '../platform.ts'

/** A client of one relay over real libp2p, and what the relay has pushed to it. */
export interface MailboxClient {
  readonly session: MailboxSession
  readonly mail: { mailbox: MailboxId; last: number }[]
  readonly signals: { mailbox: MailboxId; record: Uint8Array }[]
  /** Resolves when `done` holds, which is asked after every push and at the session's end. */
  until(done: () => boolean): Promise<void>
  readonly ended: string | undefined
  stop(): Promise<void>
}

export async function startNode(): Promise<Libp2p> {
  return createLibp2p({
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ streamOptions: { maxStreamWindowSize: 1024 * 1024 } })],
    connectionGater: { denyDialMultiaddr: () => false },
    connectionMonitor: { enabled: false },
  })
}

/** A bare stream of the mailbox protocol. */
export async function openStream(node: Libp2p, address: Address): Promise<Stream> {
  return node.dialProtocol(multiaddr(address), MAILBOX_PROTOCOL)
}

export async function connect(address: Address): Promise<MailboxClient> {
  const node = await startNode()
  const stream = await openStream(node, address)
  const mail: MailboxClient['mail'] = []
  const signals: MailboxClient['signals'] = []
  const waiting = new Set<() => void>()
  let ended: string | undefined
  const wake = (_pushed = 0): void => {
    for (const check of waiting) check()
  }
  const opened = await openMailboxSession({
    frames: openFrames(stream, { maxFrame: MAX_SERVER_FRAME_BYTES }),
    relayId: address.slice(address.lastIndexOf('/') + 1) as RelayId,
    crypto: nodeCrypto,
    clock: nodeClock,
    onMail: (mailbox, last) => wake(mail.push({ mailbox, last })),
    onSignal: (mailbox, record) => wake(signals.push({ mailbox, record })),
    onEnd: (reason) => {
      ended = reason
      wake()
    },
  })
  if (!opened.ok) throw new Error(`No session: ${opened.reason}`)
  return {
    session: opened.value,
    mail,
    signals,
    get ended() {
      return ended
    },
    until: (done) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!done()) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    stop: async () => node.stop(),
  }
}

export async function newKey(): Promise<MailboxKey> {
  const seed = nodeRandom.bytes(32)
  return { seed, publicKey: await nodeCrypto.ed25519.publicKey(seed) }
}

/** Keys and parameters of a mailbox that nobody else has. */
export async function newMailbox(
  params: Partial<MailboxParams> = {},
  writers = 1,
): Promise<{ readKey: MailboxKey; writeKeys: MailboxKey[]; writeKey: MailboxKey; params: MailboxParams }> {
  const readKey = await newKey()
  const writeKeys = await Promise.all(Array.from({ length: writers }, newKey))
  const writeKey = writeKeys[0] ?? readKey
  return {
    readKey,
    writeKeys,
    writeKey,
    params: {
      lane: 'content',
      readKey: readKey.publicKey,
      writeKeys: writeKeys.map(({ publicKey }) => publicKey),
      capacity: 0,
      expiresAt: 0,
      powBits: 0,
      ...params,
    },
  }
}

/** An entry of random bytes, large or small. */
export function newEntry(bytes: 2_048 | 16_384 = 2_048): { tag: Uint8Array; body: Uint8Array } {
  return { tag: nodeRandom.bytes(16), body: nodeRandom.bytes(bytes) }
}
