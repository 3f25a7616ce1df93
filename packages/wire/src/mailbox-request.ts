import type { Decoded } from '@sotto/interface'

import {
  AuthSchema,
  CreateSchema,
  DeleteBlobSchema,
  GetBlobSchema,
  GetSchema,
  ListSchema,
  OperationSchema,
  PutBlobSchema,
  PutSchema,
  RequestSchema,
  SignalSchema,
  SubscribeSchema,
  UnsubscribeSchema,
  type Auth,
  type Operation,
  type Request,
} from '../gen/sotto/mailbox_pb.js'
import { codec, type Codec, type Init } from './codec.ts'
import {
  MAX_AUTHS,
  MAX_BLOB_BYTES,
  MAX_GET_ENTRIES,
  MAX_MAILBOX_PARAMETERS_BYTES,
  MAX_OPERATION_BYTES,
  MAX_REQUEST_BYTES,
  MAX_SUBSCRIBED_MAILBOXES,
  SMALL_ENVELOPE_BYTES,
} from './limits.ts'
import { envelope, id, signature, tag } from './parts.ts'
import { anything, between, exactly, list, message, oneOf, within, type Rule } from './rules.ts'

export type { Auth, Operation, Request }

const mailboxes: Rule<readonly Uint8Array[]> = list(1, MAX_SUBSCRIBED_MAILBOXES, id)

const request: Codec<Request> = codec(RequestSchema, MAX_REQUEST_BYTES, {
  id: within(1),
  op: between(1, MAX_OPERATION_BYTES),
  auths: list(0, MAX_AUTHS, message(AuthSchema, { key: id, signature })),
})

const operation: Codec<Operation> = codec(OperationSchema, MAX_OPERATION_BYTES, {
  op: oneOf({
    create: message(CreateSchema, { parameters: between(1, MAX_MAILBOX_PARAMETERS_BYTES) }),
    put: message(PutSchema, { mailbox: id, tag, body: envelope, knock: exactly(0, 16), nonce: anything }),
    list: message(ListSchema, { mailbox: id, after: anything }),
    get: message(GetSchema, { mailbox: id, seqs: list(1, MAX_GET_ENTRIES, within(1)) }),
    subscribe: message(SubscribeSchema, { mailboxes }),
    unsubscribe: message(UnsubscribeSchema, { mailboxes }),
    signal: message(SignalSchema, { mailbox: id, record: exactly(SMALL_ENVELOPE_BYTES) }),
    putBlob: message(PutBlobSchema, { id, blob: between(1, MAX_BLOB_BYTES), expiresAt: within(1) }),
    getBlob: message(GetBlobSchema, { id }),
    deleteBlob: message(DeleteBlobSchema, { id }),
  }),
})

export function encodeRequest(init: Init<Request>): Uint8Array {
  return request.encode(init)
}

export function decodeRequest(bytes: Uint8Array): Decoded<Request> {
  return request.decode(bytes)
}

export function encodeOperation(init: Init<Operation>): Uint8Array {
  return operation.encode(init)
}

export function decodeOperation(bytes: Uint8Array): Decoded<Operation> {
  return operation.decode(bytes)
}
