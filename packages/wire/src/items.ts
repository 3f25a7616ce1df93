import type { Decoded } from '@sotto/interface'

import {
  ApplicationSchema,
  BackSchema,
  CommitSchema,
  ControlSchema,
  InnerSchema,
  KnockSchema,
  SignedRecordSchema,
  type Application,
  type Back,
  type Commit,
  type Control,
  type Inner,
  type Knock,
  type SignedRecord,
} from '../gen/sotto/inner_pb.js'
import { codec, type Codec, type Init } from './codec.ts'
import {
  MAX_ATTACHMENT_BYTES,
  MAX_BACK_PART_BYTES,
  MAX_BACK_PARTS,
  MAX_INNER_BYTES,
  MAX_KNOCK_ITEMS,
  MAX_MLS_BYTES,
  MAX_RELAYS,
  MAX_SIGNED_BODY_BYTES,
} from './limits.ts'
import { address, id, signature } from './parts.ts'
import { between, list, message, oneOf, within, type Rule, type Rules } from './rules.ts'

export type { Application, Back, Commit, Control, Inner, Knock, SignedRecord }

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
  }),
})

const signedRecord: Codec<SignedRecord> = codec(SignedRecordSchema, MAX_INNER_BYTES, signedRecordRules)

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
