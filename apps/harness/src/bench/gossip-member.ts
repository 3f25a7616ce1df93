import { nodeTransport } from '@sotto/net/node'
import type { DirectSession, Logger, Topic, Transport } from '@sotto/interface'
import { nodeClock, nodeCrypto } from '@sotto/relay'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'

export type Path = 'plain' | 'gossip'

export const TOPIC: { readonly name: string; readonly key: Uint8Array } = {
  name: 'bench',
  key: new Uint8Array(32).fill(7),
}

/** One member of a group: a transport, without anything above it. */
export interface Member {
  readonly transport: Transport
  readonly sessions: readonly DirectSession[]
  /** Takes part in the topic with those peers; resolves when as many of them are there. */
  join(peers: readonly string[], there: number): Promise<Topic>
}

const silent: Logger = { debug() {}, info() {}, warn() {}, scope: () => silent }

/** `onCopy` gets the number of each envelope that came, see {@link envelopeOf}, and the way it took. */
export async function startMember(onCopy: (path: Path, number: number) => void): Promise<Member> {
  const sessions: DirectSession[] = []
  const transport = nodeTransport({
    clock: nodeClock,
    crypto: nodeCrypto,
    logger: silent,
    loopbackOnly: true,
    transports: ['tcp'],
  })
  await transport.start(
    {
      async onEnvelope(_session, envelope) {
        onCopy('plain', numberOf(envelope))
        return true
      },
      onGossip: (_topic, envelope) => onCopy('gossip', numberOf(envelope)),
      onSession: (session) => void sessions.push(session),
      onSessionEnd() {},
      onMail() {},
      onSignal() {},
      onRelay() {},
      onAddresses() {},
    },
    // Everybody is let in.
    {
      dial: (context) => fromString(context),
      accept: (proof) => ({ context: toString(proof), reply: proof }),
      confirm: () => true,
    },
  )
  return { transport, sessions, join: (peers, there) => join(transport, peers, there) }
}

/** An envelope that says which one it is. */
export function envelopeOf(number: number, length: number): Uint8Array {
  const envelope = new Uint8Array(length)
  new DataView(envelope.buffer).setUint32(0, number)
  return envelope
}

function numberOf(envelope: Uint8Array): number {
  return new DataView(envelope.buffer, envelope.byteOffset).getUint32(0)
}

async function join(transport: Transport, peers: readonly string[], there: number): Promise<Topic> {
  const topic = transport.topic(TOPIC)
  topic.setPeers(peers.filter((peer) => peer !== transport.peerId))
  while (topic.peers < there) await new Promise((resolve) => setTimeout(resolve, 10))
  return topic
}

/** A direct path from one to the other. */
export async function connect(from: Member, to: { peerId: string; addresses: Transport['addresses'] }): Promise<void> {
  const dialled = await from.transport.dial(to.peerId, to.addresses, 'bench')
  if (!dialled.ok) throw new Error(`There is no direct path between two members: ${dialled.reason}.`)
}
