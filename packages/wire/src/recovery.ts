import type { Decoded } from '@sotto/interface'

import {
  LogBundleSchema,
  RecoveryStatementSchema,
  type LogBundle,
  type RecoveryStatement,
} from '../gen/sotto/control_pb.js'
import { codec, type Codec, type Init } from './codec.ts'
import { RECOVERY, signedBytes } from './labels.ts'
import {
  MAX_ATTACHMENT_BYTES,
  MAX_BUNDLE_THINGS,
  MAX_RECOVERY_STATEMENT_BYTES,
  MAX_SIGNED_BODY_BYTES,
  MAX_TIME_MS,
  MAX_WELCOME_BUNDLE_BYTES,
} from './limits.ts'
import { id, signature } from './parts.ts'
import { between, list, message, type Rule, type Rules } from './rules.ts'

export type { LogBundle, RecoveryStatement }

/** A signed record takes this much more than its body. */
const SIGNATURE_BYTES = 128

const statementRules: Rules<RecoveryStatement> = {
  account: id,
  device: id,
  number: (value) => (value <= BigInt(MAX_TIME_MS) ? undefined : 'out-of-range'),
  signature,
}

/** A statement of an account key inside another message. */
export const recoveryStatementRule: Rule<RecoveryStatement | undefined> = message(
  RecoveryStatementSchema,
  statementRules,
)

const statement: Codec<RecoveryStatement> = codec(RecoveryStatementSchema, MAX_RECOVERY_STATEMENT_BYTES, statementRules)

const bundle: Codec<LogBundle> = codec(LogBundleSchema, MAX_WELCOME_BUNDLE_BYTES, {
  things: list(1, MAX_BUNDLE_THINGS, between(1, MAX_SIGNED_BODY_BYTES + SIGNATURE_BYTES)),
  attachment: between(0, MAX_ATTACHMENT_BYTES),
})

/** That a device was set up from an account's recovery words; also the body of kind "device.restored". */
export function encodeRecoveryStatement(init: Init<RecoveryStatement>): Uint8Array {
  return statement.encode(init)
}

export function decodeRecoveryStatement(bytes: Uint8Array): Decoded<RecoveryStatement> {
  return statement.decode(bytes)
}

/** What the account key signs. */
export function recoveryBytes({
  account,
  device,
  number,
}: Pick<RecoveryStatement, 'account' | 'device' | 'number'>): Uint8Array {
  const eight = new Uint8Array(8)
  new DataView(eight.buffer).setBigUint64(0, number)
  return signedBytes(RECOVERY, account, device, eight)
}

/** What the kinds "group.log" and "group.recover" bring in parts. */
export function encodeLogBundle(init: Init<LogBundle>): Uint8Array {
  return bundle.encode(init)
}

export function decodeLogBundle(bytes: Uint8Array): Decoded<LogBundle> {
  return bundle.decode(bytes)
}
