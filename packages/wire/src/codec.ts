import { create, fromBinary, toBinary, type Message, type MessageInitShape } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import { ok, refuse, type Decoded, type DecodeReason } from '@sotto/interface'
import { equals } from 'uint8arrays/equals'

import { WireError } from './errors.ts'
import { admitRecords } from './records.ts'
import { message, type Rule, type Rules } from './rules.ts'

/** A message's fields as a plain object; what is left out is empty or zero. */
export type Init<M extends Message> = MessageInitShape<GenMessage<M>>

/** The only way from a record to its bytes, and back. */
export interface Codec<M extends Message> {
  /** Throws {@link WireError} when our own record breaks a rule. */
  encode(init: Init<M>): Uint8Array
  /** Total. Byte fields of the value are views on `bytes`, not copies. */
  decode(bytes: Uint8Array): Decoded<M>
}

/**
 * A codec from a generated schema, the message's greatest size and one rule for each field. It is exact: what it
 * decodes has one form only, which is what encoding the value again gives. Cost is bounded by the size, which is
 * checked first, and by the number of records, which is checked before anything is built.
 */
export function codec<M extends Message>(
  schema: GenMessage<M>,
  maxBytes: number,
  rules: Rules<M>,
  whole?: Rule<M>,
): Codec<M> {
  const check = message(schema, rules, whole)
  return {
    encode(init) {
      const value = create(schema, init)
      const reason = check(value)
      if (reason !== undefined) throw notEncodable(schema, reason)
      const bytes = toBinary(schema, value)
      if (bytes.length > maxBytes) throw notEncodable(schema, 'too-large')
      return bytes
    },
    decode(bytes) {
      if (bytes.length > maxBytes) return refuse('too-large')
      const refusal = admitRecords(schema, bytes)
      if (refusal !== undefined) return refuse(refusal)
      const value = parse(schema, bytes)
      if (value === undefined) return refuse('malformed')
      const reason = check(value)
      if (reason !== undefined) return refuse(reason)
      return equals(toBinary(schema, value), bytes) ? ok(value) : refuse('not-canonical')
    },
  }
}

function parse<M extends Message>(schema: GenMessage<M>, bytes: Uint8Array): M | undefined {
  try {
    return fromBinary(schema, bytes)
  } catch {
    return undefined // The library's only way to say that bytes are no such message.
  }
}

function notEncodable(schema: GenMessage<Message>, reason: DecodeReason): WireError {
  return new WireError('not-encodable', `A ${schema.name} that breaks the wire's rules (${reason}) was not encoded.`)
}
