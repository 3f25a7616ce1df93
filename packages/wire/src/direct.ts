import type { Decoded } from '@sotto/interface'

import {
  AckSchema,
  CreditSchema,
  DataSchema,
  EventsFrameSchema,
  HelloClaimSchema,
  HelloInitSchema,
  HelloProofSchema,
  HelloReplySchema,
  RefusedSchema,
  type Ack,
  type Credit,
  type Data,
  type EventsFrame,
  type HelloClaim,
  type HelloInit,
  type HelloProof,
  type HelloReply,
  type Refused,
} from '../gen/sotto/direct_pb.js'
import { codec, type Codec, type Init } from './codec.ts'
import {
  MAX_CREDIT_BYTES,
  MAX_ENVELOPE_BYTES,
  MAX_EVENTS_FRAME_BYTES,
  MAX_HELLO_BYTES,
  MAX_HELLO_CLAIMS,
  MAX_HELLO_PROOF_BYTES,
  MAX_HELLO_SEALED_BYTES,
} from './limits.ts'
import { id, signature, tag } from './parts.ts'
import { between, list, message, oneOf, within, type Rule } from './rules.ts'

export type { Ack, Credit, Data, EventsFrame, HelloClaim, HelloInit, HelloProof, HelloReply, Refused }

/** At least a nonce and an authentication tag. */
const sealed: Rule<Uint8Array> = between(40, MAX_HELLO_SEALED_BYTES)

const helloInit: Codec<HelloInit> = codec(HelloInitSchema, MAX_HELLO_BYTES, {
  claims: list(1, MAX_HELLO_CLAIMS, message(HelloClaimSchema, { tag, sealed })),
})

const helloReply: Codec<HelloReply> = codec(HelloReplySchema, MAX_HELLO_BYTES, { tag, sealed })

const helloProof: Codec<HelloProof> = codec(HelloProofSchema, MAX_HELLO_PROOF_BYTES, {
  device: id,
  nonce: id,
  signature,
})

const eventsFrame: Codec<EventsFrame> = codec(EventsFrameSchema, MAX_EVENTS_FRAME_BYTES, {
  frame: oneOf({
    data: message(DataSchema, { number: within(1), envelope: between(1, MAX_ENVELOPE_BYTES) }),
    ack: message(AckSchema, { number: within(1) }),
    credit: message(CreditSchema, { bytes: within(1, MAX_CREDIT_BYTES) }),
    refused: message(RefusedSchema, { number: within(1) }),
  }),
})

export function encodeHelloInit(init: Init<HelloInit>): Uint8Array {
  return helloInit.encode(init)
}

export function decodeHelloInit(bytes: Uint8Array): Decoded<HelloInit> {
  return helloInit.decode(bytes)
}

export function encodeHelloReply(init: Init<HelloReply>): Uint8Array {
  return helloReply.encode(init)
}

export function decodeHelloReply(bytes: Uint8Array): Decoded<HelloReply> {
  return helloReply.decode(bytes)
}

export function encodeHelloProof(init: Init<HelloProof>): Uint8Array {
  return helloProof.encode(init)
}

export function decodeHelloProof(bytes: Uint8Array): Decoded<HelloProof> {
  return helloProof.decode(bytes)
}

export function encodeEventsFrame(init: Init<EventsFrame>): Uint8Array {
  return eventsFrame.encode(init)
}

export function decodeEventsFrame(bytes: Uint8Array): Decoded<EventsFrame> {
  return eventsFrame.decode(bytes)
}
