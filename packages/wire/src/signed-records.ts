import type { Decoded } from '@sotto/interface'

import {
  ControlHeadSchema,
  FetchSchema,
  HeadRecordSchema,
  HeadSchema,
  PathOfferSchema,
  ProgressSchema,
  ReceiptSchema,
  type ControlHead,
  type Fetch,
  type Head,
  type HeadRecord,
  type PathOffer,
  type Progress,
  type Receipt,
} from '../gen/sotto/inner_pb.js'
import { codec, type Codec, type Init } from './codec.ts'
import { headReason } from './heads.ts'
import {
  MAX_ASK_KEY_BYTES,
  MAX_DEVICES,
  MAX_FETCH_EVENTS,
  MAX_LACKING,
  MAX_START,
  MAX_OFFER_ADDRESSES,
  MAX_PEER_ID_BYTES,
  MAX_SIGNED_BODY_BYTES,
} from './limits.ts'
import { address, areDistinct, id } from './parts.ts'
import { anything, between, exactly, list, message, optional, within, type Rule } from './rules.ts'

export type { ControlHead, Fetch, Head, HeadRecord, PathOffer, Progress, Receipt }

const head: Rule<Head | undefined> = message(HeadSchema, { seq: anything, eventId: anything }, ({ seq, eventId }) =>
  headReason(seq, eventId),
)

const controlHead: Rule<ControlHead | undefined> = message(
  ControlHeadSchema,
  { cseq: anything, hash: anything },
  ({ cseq, hash }) => headReason(cseq, hash),
)

const begins: Rule<number | undefined> = (seq) => (seq === undefined ? undefined : within(0, MAX_START)(seq))

const progress: Rule<Progress | undefined> = message(
  ProgressSchema,
  { device: id, delivered: anything, read: anything, control: anything, begins },
  ({ delivered, read }) => (read <= delivered ? undefined : 'out-of-range'),
)

const receipt: Codec<Receipt> = codec(
  ReceiptSchema,
  MAX_SIGNED_BODY_BYTES,
  {
    conversation: id,
    epochId: id,
    counter: within(1),
    progress: list(0, MAX_DEVICES, progress),
    own: head,
    control: optional(controlHead),
    lacking: list(0, MAX_LACKING, id),
  },
  ({ progress: devices, lacking }) =>
    areDistinct(devices.map(({ device }) => device)) && areDistinct(lacking) ? undefined : 'out-of-range',
)

const headRecord: Codec<HeadRecord> = codec(HeadRecordSchema, MAX_SIGNED_BODY_BYTES, {
  conversation: id,
  boot: anything,
  own: head,
  seals: anything,
  control: optional(controlHead),
})

const pathOffer: Codec<PathOffer> = codec(PathOfferSchema, MAX_SIGNED_BODY_BYTES, {
  conversation: id,
  peerId: between(1, MAX_PEER_ID_BYTES),
  addresses: list(0, MAX_OFFER_ADDRESSES, address),
  expiresAt: within(1),
  answer: anything,
})

const fetchRecord: Codec<Fetch> = codec(
  FetchSchema,
  MAX_SIGNED_BODY_BYTES,
  {
    conversation: id,
    author: id,
    fromSeq: within(1),
    toSeq: within(1),
    counter: within(1),
    key: exactly(0, MAX_ASK_KEY_BYTES),
  },
  ({ fromSeq, toSeq }) => (fromSeq <= toSeq && toSeq - fromSeq < MAX_FETCH_EVENTS ? undefined : 'out-of-range'),
)

/** Each device of `progress` stands there once, and has read no more than was delivered; nothing is lacking twice. */
export function encodeReceipt(init: Init<Receipt>): Uint8Array {
  return receipt.encode(init)
}

export function decodeReceipt(bytes: Uint8Array): Decoded<Receipt> {
  return receipt.decode(bytes)
}

export function encodeHeadRecord(init: Init<HeadRecord>): Uint8Array {
  return headRecord.encode(init)
}

export function decodeHeadRecord(bytes: Uint8Array): Decoded<HeadRecord> {
  return headRecord.decode(bytes)
}

export function encodePathOffer(init: Init<PathOffer>): Uint8Array {
  return pathOffer.encode(init)
}

export function decodePathOffer(bytes: Uint8Array): Decoded<PathOffer> {
  return pathOffer.decode(bytes)
}

/** Asks for at most 256 events, both ends included; a wider gap takes several. */
export function encodeFetch(init: Init<Fetch>): Uint8Array {
  return fetchRecord.encode(init)
}

export function decodeFetch(bytes: Uint8Array): Decoded<Fetch> {
  return fetchRecord.decode(bytes)
}
