/**
 * The wire: bytes to records and back (spec/wire.md).
 *
 * For each message that stands alone as bytes there is `encodeX(record)`, which throws `WireError` when our own record
 * breaks a rule, and `decodeX(bytes)`, which is total: a value or the reason why there is none, never a throw, at a
 * cost that the message's greatest size bounds. Decoding is exact: what it takes has one form only. Byte fields of a
 * decoded record are views on the bytes that were given.
 */
export * from './bodies.ts'
export type { Init } from './codec.ts'
export * from './control.ts'
export * from './direct.ts'
export * from './errors.ts'
export * from './event-id.ts'
export * from './event.ts'
export * from './group-bodies.ts'
export * from './hex.ts'
export * from './identity.ts'
export * from './inner.ts'
export * from './items.ts'
export * from './labels.ts'
export * from './limits.ts'
export * from './linking.ts'
export * from './mailbox-answer.ts'
export * from './mailbox-auth.ts'
export * from './mailbox-id.ts'
export * from './mailbox-parameters.ts'
export * from './mailbox-request.ts'
export * from './merkle.ts'
export * from './packed-log.ts'
export * from './proof-of-work.ts'
export * from './protocols.ts'
export * from './recovery.ts'
export * from './signed-records.ts'
export * from './thing-id.ts'
export * from './status.ts'
