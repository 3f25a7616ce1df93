import {
  gossipsub,
  StrictNoSign,
  type GossipSub,
  type GossipSubComponents,
  type GossipsubOpts,
} from '@libp2p/gossipsub'
import { createTopicScoreParams, type PeerScore } from '@libp2p/gossipsub/score'
import type { PeerId, Startable } from '@libp2p/interface'
import type { Clock } from '@sotto/interface'

import { MAX_DIRECT_CONNECTIONS } from '../init.ts'
import { Budget } from '../mailbox/budget.ts'
import { silentLogger } from '../silent-logger.ts'
import {
  MAX_TOPIC_FRAME_BYTES,
  MAX_TOPIC_FRAME_MESSAGES,
  MAX_TOPIC_UNSENT_BYTES,
  TOPIC_BYTES_AT_LEAST,
  TOPIC_BYTES_AT_ONCE,
  TOPIC_BYTES_PER_SECOND,
  TOPIC_TAG_BYTES,
} from './limits.ts'
import { messageId, type Tagging } from './tagging.ts'

/** One topic's gossipsub, with what its type leaves out: what libp2p calls on its services, and what it knows of peers. */
export type Router = GossipSub & Startable & { dumpPeerScoreStats(): ReturnType<PeerScore['dumpPeerScoreStats']> }

export interface RouterInit {
  readonly topic: string
  readonly protocol: string
  readonly self: PeerId
  readonly registrar: Partial<GossipSubComponents['registrar']>
  readonly tagging: Tagging
  readonly clock: Clock
  /** A message was refused, or lost because there were too many. */
  onLoss(reason: 'invalid' | 'too-many'): void
}

/** gossipsub for one topic, with a registrar that knows nobody but its peers: nothing about it can reach anybody else. */
export function createRouter(init: RouterInit): Router {
  const { topic, self, registrar } = init
  // It uses no more of libp2p: no key without signatures, no addresses and no dials without peer exchange.
  const components = { peerId: self, registrar, logger: silentLogger } as unknown as GossipSubComponents
  const router = gossipsub({ ...overlay(topic), ...messages(init) })(components) as Router
  router.protocols = [init.protocol]
  return router
}

/** Messages with a wrong tag, or otherwise malformed, that came from that peer since its streams were opened. */
export function invalidMessages(router: Router, topic: string, peer: string): number {
  return router.dumpPeerScoreStats()[peer]?.topics[topic]?.invalidMessageDeliveries ?? 0
}

/** Who is sent what. */
function overlay(topic: string): Partial<GossipsubOpts> {
  return {
    globalSignaturePolicy: StrictNoSign,
    fallbackToFloodsub: false,
    floodPublish: false,
    batchPublish: true,
    emitSelf: false,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    allowedTopics: [topic],
    // Each looks for four neighbours and is found by about as many.
    D: 4,
    Dlo: 3,
    Dout: 1,
    // Whoever has few neighbours may hang on to one that has many: nobody is put out of a mesh because it is large.
    Dhi: MAX_DIRECT_CONNECTIONS,
    // Others are told, once, what came in the last second, and ask for what they lack: two parties may have but one path between them.
    Dlazy: 6,
    mcacheGossip: 1,
    tagMeshPeers: false,
    maxInboundDataLength: MAX_TOPIC_FRAME_BYTES,
    maxOutboundBufferSize: MAX_TOPIC_UNSENT_BYTES,
    decodeRpcLimits: {
      maxSubscriptions: 1,
      maxMessages: MAX_TOPIC_FRAME_MESSAGES,
      maxControlMessages: 1,
      maxIhaveMessageIDs: MAX_TOPIC_FRAME_MESSAGES,
      maxIwantMessageIDs: MAX_TOPIC_FRAME_MESSAGES,
      maxIdontwantMessageIDs: 0,
      maxPeerInfos: 0,
    },
    scoreParams: {
      // Many peers behind one address are an office or a test, and all of them are members.
      IPColocationFactorWeight: 0,
      behaviourPenaltyThreshold: 6,
      topics: { [topic]: invalidMessagesOnly() },
    },
  }
}

/** Once a second a peer with a wrong message is put out of the mesh, and one with three is no longer read. */
function invalidMessagesOnly(): ReturnType<typeof createTopicScoreParams> {
  return createTopicScoreParams({
    topicWeight: 1,
    timeInMeshWeight: 0,
    firstMessageDeliveriesWeight: 0,
    meshMessageDeliveriesWeight: 0,
    meshFailurePenaltyWeight: 0,
    invalidMessageDeliveriesWeight: -20,
    invalidMessageDeliveriesDecay: 0.9998,
  })
}

/** What is a message, and which one. Wrong ones are refused before they are remembered, so they cannot keep out right ones. */
function messages({ topic, tagging, clock, onLoss }: RouterInit): Partial<GossipsubOpts> {
  const budget = new Budget(TOPIC_BYTES_PER_SECOND, TOPIC_BYTES_AT_ONCE, clock.monotonic())
  return {
    dataTransform: {
      outboundTransform: (_topic, envelope) => tagging.add(envelope),
      inboundTransform(_topic, message) {
        const envelope = tagging.remove(message)
        if (envelope !== undefined) return envelope
        onLoss('invalid')
        throw new Error('not made with the key')
      },
    },
    // Known again by its tag, a copy costs no hash. Only what was right is remembered.
    fastMsgIdFn({ from, data }) {
      // StrictNoSign forgets to refuse it, and it would be passed on.
      if (from !== undefined) throw new Error('from is set')
      return data === undefined || data.length < TOPIC_TAG_BYTES ? '' : numberOf(data)
    },
    msgIdFn({ data }) {
      // Each is remembered for two minutes: what a member may fill memory with is bounded here.
      if (!budget.take(Math.max(data.length, TOPIC_BYTES_AT_LEAST), clock.monotonic())) {
        onLoss('too-many')
        throw new Error('too many messages')
      }
      return messageId(topic, data)
    },
  }
}

/** The first six bytes as a number. */
function numberOf(tag: Uint8Array): number {
  const view = new DataView(tag.buffer, tag.byteOffset, TOPIC_TAG_BYTES)
  return view.getUint32(0) * 0x1_00_00 + view.getUint16(4)
}
