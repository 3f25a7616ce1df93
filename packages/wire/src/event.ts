import type { Decoded } from '@sotto/interface'

import {
  DepSchema,
  EventControlHeadSchema,
  EventHeaderSchema,
  SealedEventSchema,
  SealSchema,
  SealStatementSchema,
  type Dep,
  type EventControlHead,
  type EventHeader,
  type Seal,
  type SealedEvent,
  type SealStatement,
} from '../gen/sotto/event_pb.js'
import { codec, type Codec, type Init } from './codec.ts'
import { headReason } from './heads.ts'
import {
  MAX_DEPS,
  MAX_EVENT_BODY_BYTES,
  MAX_EVENT_HEADER_BYTES,
  MAX_KIND_BYTES,
  MAX_SEAL_BYTES,
  MAX_SEAL_EVENTS,
  MAX_SEALED_EVENT_BYTES,
  MAX_TIME_MS,
} from './limits.ts'
import { id, idOrNone, signature } from './parts.ts'
import { anything, between, exactly, list, message, optional, text, within, type Rule, type Rules } from './rules.ts'

export type { Dep, EventControlHead, EventHeader, Seal, SealedEvent, SealStatement }

const dep: Rule<Dep | undefined> = message(DepSchema, { device: id, seq: within(1), eventId: id })

const control: Rule<EventControlHead | undefined> = message(
  EventControlHeadSchema,
  { cseq: anything, hash: anything },
  ({ cseq, hash }) => headReason(cseq, hash),
)

const eventHeader: Codec<EventHeader> = codec(
  EventHeaderSchema,
  MAX_EVENT_HEADER_BYTES,
  {
    conversation: id,
    epochId: id,
    device: id,
    seq: within(1),
    prev: idOrNone,
    deps: list(0, MAX_DEPS, dep),
    lamport: within(1),
    kind: text(1, MAX_KIND_BYTES, isKind),
    bodyHash: id,
    sentAt: (ms) => (ms <= BigInt(MAX_TIME_MS) ? undefined : 'out-of-range'),
    control: optional(control),
  },
  ({ seq, prev }) => headReason(seq - 1, prev),
)

const sealedEventRules: Rules<SealedEvent> = {
  header: between(1, MAX_EVENT_HEADER_BYTES),
  salt: exactly(32),
  body: between(0, MAX_EVENT_BODY_BYTES),
}

const sealedEvent: Codec<SealedEvent> = codec(SealedEventSchema, MAX_SEALED_EVENT_BYTES, sealedEventRules)

const seal: Codec<Seal> = codec(SealSchema, MAX_SEAL_BYTES, {
  events: list(1, MAX_SEAL_EVENTS, message(SealedEventSchema, sealedEventRules)),
  signature,
})

const sealStatement: Codec<SealStatement> = codec(SealStatementSchema, 256, {
  conversation: id,
  epochId: id,
  device: id,
  count: within(1, MAX_SEAL_EVENTS),
  root: id,
})

/** Whether a text can name a kind of event: a lower-case letter, then letters, digits, dots and hyphens. */
export function isKind(kind: string): boolean {
  return /^[a-z][a-z0-9.-]*$/.test(kind)
}

/** Throws {@link WireError}. The bytes are what the event's id and every later reader's check cover. */
export function encodeEventHeader(init: Init<EventHeader>): Uint8Array {
  return eventHeader.encode(init)
}

export function decodeEventHeader(bytes: Uint8Array): Decoded<EventHeader> {
  return eventHeader.decode(bytes)
}

export function encodeSealedEvent(init: Init<SealedEvent>): Uint8Array {
  return sealedEvent.encode(init)
}

export function decodeSealedEvent(bytes: Uint8Array): Decoded<SealedEvent> {
  return sealedEvent.decode(bytes)
}

export function encodeSeal(init: Init<Seal>): Uint8Array {
  return seal.encode(init)
}

/** Checks no signature, no body hash and no header: those are core's. */
export function decodeSeal(bytes: Uint8Array): Decoded<Seal> {
  return seal.decode(bytes)
}

export function encodeSealStatement(init: Init<SealStatement>): Uint8Array {
  return sealStatement.encode(init)
}

export function decodeSealStatement(bytes: Uint8Array): Decoded<SealStatement> {
  return sealStatement.decode(bytes)
}
