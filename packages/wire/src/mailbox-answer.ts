import type { Decoded } from '@sotto/interface'

import {
  BlobSchema,
  BodiesSchema,
  EntryBodySchema,
  EntrySchema,
  ListingSchema,
  MailSchema,
  ResponseSchema,
  ServerFrameSchema,
  SessionHelloSchema,
  SignalledSchema,
  Status,
  StoredSchema,
  type Entry,
  type EntryBody,
  type Response,
  type ServerFrame,
} from '../gen/sotto/mailbox_pb.js'
import { codec, type Codec, type Init } from './codec.ts'
import {
  LARGE_ENVELOPE_BYTES,
  MAX_BLOB_BYTES,
  MAX_GET_ENTRIES,
  MAX_LISTING_ENTRIES,
  MAX_SERVER_FRAME_BYTES,
  SMALL_ENVELOPE_BYTES,
} from './limits.ts'
import { areAscending, envelope, id, tag } from './parts.ts'
import { anything, between, exactly, list, message, oneOf, within, type Rule } from './rules.ts'

export { Status }
export type { Entry, EntryBody, Response, ServerFrame }

const entry: Rule<Entry | undefined> = message(EntrySchema, {
  seq: within(1),
  tag,
  size: (size) => (size === SMALL_ENVELOPE_BYTES || size === LARGE_ENVELOPE_BYTES ? undefined : 'out-of-range'),
})

const entryBody: Rule<EntryBody | undefined> = message(EntryBodySchema, { seq: within(1), body: envelope })

const body: Rule<Response['body']> = oneOf<Response['body']>({
  stored: message(StoredSchema, { seq: within(1) }),
  listing: message(ListingSchema, { entries: list(0, MAX_LISTING_ENTRIES, entry), last: anything }, ({ entries }) =>
    areAscending(entries.map(({ seq }) => seq)) ? undefined : 'out-of-range',
  ),
  bodies: message(BodiesSchema, { bodies: list(0, MAX_GET_ENTRIES, entryBody) }),
  blob: message(BlobSchema, { blob: between(1, MAX_BLOB_BYTES) }),
})

/** Only what went well has a body, and some of that has none (CREATE, SUBSCRIBE, …). */
const response: Rule<Response | undefined> = message(
  ResponseSchema,
  {
    id: within(1),
    status: within(Status.OK, Status.BUSY),
    body: (value) => (value.case === undefined ? undefined : body(value)),
  },
  ({ status, body: answer }) => (answer.case === undefined || status === Status.OK ? undefined : 'malformed'),
)

const serverFrame: Codec<ServerFrame> = codec(ServerFrameSchema, MAX_SERVER_FRAME_BYTES, {
  frame: oneOf({
    hello: message(SessionHelloSchema, { challenge: id, maxFrame: within(1) }),
    response,
    mail: message(MailSchema, { mailbox: id, last: within(1) }),
    signalled: message(SignalledSchema, { mailbox: id, record: exactly(SMALL_ENVELOPE_BYTES) }),
  }),
})

export function encodeServerFrame(init: Init<ServerFrame>): Uint8Array {
  return serverFrame.encode(init)
}

export function decodeServerFrame(bytes: Uint8Array): Decoded<ServerFrame> {
  return serverFrame.decode(bytes)
}
