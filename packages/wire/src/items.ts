import type { Decoded } from '@sotto/interface'

import {
  ApplicationSchema,
  BackSchema,
  CommitSchema,
  ControlSchema,
  InnerSchema,
  KnockSchema,
  ServedEventSchema,
  ServedEventsSchema,
  ServedSchema,
  SignedRecordSchema,
  type Application,
  type Back,
  type Commit,
  type Control,
  type Inner,
  type Knock,
  type Served,
  type ServedEvent,
  type ServedEvents,
  type SignedRecord,
} from '../gen/sotto/inner_pb.js'
import { codec, type Codec, type Init } from './codec.ts'
import {
  MAX_ATTACHMENT_BYTES,
  MAX_BACK_PART_BYTES,
  MAX_BACK_PARTS,
  MAX_EVENT_BODY_BYTES,
  MAX_EVENT_HEADER_BYTES,
  MAX_INNER_BYTES,
  MAX_KNOCK_ITEMS,
  MAX_MLS_BYTES,
  MAX_PROOF_BYTES,
  MAX_RELAYS,
  MAX_SERVED_BYTES,
  MAX_SERVED_EVENTS,
  MAX_SIGNED_BODY_BYTES,
} from './limits.ts'
import { address, id, signature } from './parts.ts'
import { between, exactly, list, message, oneOf, within, type Rule, type Rules } from './rules.ts'

export type { Application, Back, Commit, Control, Inner, Knock, Served, ServedEvent, ServedEvents, SignedRecord }

/** What X-Wing puts before something sealed to a key, and the AEAD after it. */
const [ENC_BYTES, TAG_BYTES] = [1_120, 16]

const mls: Rule<Uint8Array> = between(1, MAX_MLS_BYTES)

const signedRecordRules: Rules<SignedRecord> = {
  body: between(1, MAX_SIGNED_BODY_BYTES),
  device: id,
  signature,
}

/** A signed record inside another message. */
export const signedRecordRule: Rule<SignedRecord | undefined> = message(SignedRecordSchema, signedRecordRules)

const inner: Codec<Inner> = codec(InnerSchema, MAX_INNER_BYTES, {
  item: oneOf({
    application: message(ApplicationSchema, { epochId: id, mls }),
    commit: message(CommitSchema, { parentEpochId: id, mls }),
    receipt: signedRecordRule,
    head: signedRecordRule,
    offer: signedRecordRule,
    knock: message(KnockSchema, {
      welcome: mls,
      items: list(1, MAX_KNOCK_ITEMS, between(1, MAX_MLS_BYTES)),
      relays: list(0, MAX_RELAYS, address),
    }),
    fetch: signedRecordRule,
    control: message(ControlSchema, { record: signedRecordRule, attachment: between(0, MAX_ATTACHMENT_BYTES) }),
    back: message(
      BackSchema,
      {
        device: id,
        bundleHash: id,
        part: within(0, MAX_BACK_PARTS - 1),
        parts: within(1, MAX_BACK_PARTS),
        bytes: between(1, MAX_BACK_PART_BYTES),
      },
      ({ part, parts }) => (part < parts ? undefined : 'out-of-range'),
    ),
    served: message(ServedSchema, {
      device: id,
      enc: exactly(ENC_BYTES),
      sealed: between(TAG_BYTES + 1, MAX_SERVED_BYTES + TAG_BYTES),
    }),
  }),
})

const signedRecord: Codec<SignedRecord> = codec(SignedRecordSchema, MAX_INNER_BYTES, signedRecordRules)

const servedEvents: Codec<ServedEvents> = codec(ServedEventsSchema, MAX_SERVED_BYTES, {
  events: list(
    1,
    MAX_SERVED_EVENTS,
    message(ServedEventSchema, {
      header: between(1, MAX_EVENT_HEADER_BYTES),
      salt: exactly(32),
      body: between(0, MAX_EVENT_BODY_BYTES),
      proof: between(1, MAX_PROOF_BYTES),
    }),
  ),
})

/** Throws {@link WireError}, also when the item is too large to travel as 64 fragments. */
export function encodeInner(init: Init<Inner>): Uint8Array {
  return inner.encode(init)
}

export function decodeInner(bytes: Uint8Array): Decoded<Inner> {
  return inner.decode(bytes)
}

export function encodeSignedRecord(init: Init<SignedRecord>): Uint8Array {
  return signedRecord.encode(init)
}

export function decodeSignedRecord(bytes: Uint8Array): Decoded<SignedRecord> {
  return signedRecord.decode(bytes)
}

export function encodeServedEvents(init: Init<ServedEvents>): Uint8Array {
  return servedEvents.encode(init)
}

/** Checks no proof, no body hash and no header: those are core's. */
export function decodeServedEvents(bytes: Uint8Array): Decoded<ServedEvents> {
  return servedEvents.decode(bytes)
}
