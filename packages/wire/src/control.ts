import type { Decoded } from '@sotto/interface'

import {
  AcceptanceSchema,
  AcceptedDeviceSchema,
  ControlAccountSchema,
  ControlAddSchema,
  ControlAttachmentSchema,
  ControlAttestSchema,
  ControlCommitSchema,
  ControlCreateSchema,
  ControlDeviceSchema,
  ControlFounderSchema,
  ControlGrantSchema,
  ControlLeafSchema,
  ControlNothingSchema,
  ControlRecoverSchema,
  ControlStuckSchema,
  ControlThingSchema,
  ControlTitleSchema,
  LogHeadSchema,
  LogHeadsSchema,
  type Acceptance,
  type ControlAttachment,
  type ControlLeaf,
  type ControlThing,
  type LogHeads,
} from '../gen/sotto/control_pb.js'
import { nameRule } from './bodies.ts'
import { codec, type Codec, type Init } from './codec.ts'
import { signedRecordRule } from './items.ts'
import {
  MAX_ACCEPTANCE_BYTES,
  MAX_ACCOUNT_DEVICES,
  MAX_ATTACHMENT_BYTES,
  MAX_CHAIN_BYTES,
  MAX_CONTROL_DEPS,
  MAX_CONTROL_LEAVES,
  MAX_DEVICES,
  MAX_FOUNDERS,
  MAX_KEY_PACKAGE_BYTES,
  MAX_LOG_HEADS_BYTES,
  MAX_START,
  MAX_SIGNED_BODY_BYTES,
  MAX_TIME_MS,
} from './limits.ts'
import { areDistinct, id, idOrNone } from './parts.ts'
import { recoveryStatementRule } from './recovery.ts'
import { anything, between, exactly, list, message, oneOf, within, type Rule } from './rules.ts'

export type { Acceptance, ControlAttachment, ControlLeaf, ControlThing, LogHeads }

/** The numbers of ControlCreate.kind. */
export const CONTROL_KINDS = { pair: 1, group: 2, self: 3 } as const

const chain: Rule<Uint8Array> = between(1, MAX_CHAIN_BYTES)
const account = message(ControlAccountSchema, { account: id })
const nothing = message(ControlNothingSchema, {})
const leaf: Rule<ControlLeaf | undefined> = message(ControlLeafSchema, { device: id, grant: id })
const leaves: Rule<readonly ControlLeaf[]> = list(0, MAX_CONTROL_LEAVES, leaf)
const madeAt: Rule<bigint> = (value) => (value <= BigInt(MAX_TIME_MS) ? undefined : 'out-of-range')

const founder = message(ControlFounderSchema, { chains: list(1, MAX_ACCOUNT_DEVICES, chain), name: nameRule })

const create = message(
  ControlCreateSchema,
  {
    kind: within(CONTROL_KINDS.pair, CONTROL_KINDS.self),
    title: (title) => (title === '' ? undefined : nameRule(title)),
    founders: list(1, MAX_FOUNDERS, founder),
    child: id,
  },
  ({ kind, title }) => ((kind === CONTROL_KINDS.group) === (title !== '') ? undefined : 'out-of-range'),
)

const thing: Codec<ControlThing> = codec(
  ControlThingSchema,
  MAX_SIGNED_BODY_BYTES,
  {
    conversation: id,
    device: id,
    cseq: within(1),
    prev: idOrNone,
    deps: list(0, MAX_CONTROL_DEPS, id),
    lamport: within(1),
    epochId: id,
    madeAt,
    attachmentHash: idOrNone,
    said: oneOf({
      create,
      add: message(ControlAddSchema, { acceptance: signedRecordRule }),
      remove: account,
      appoint: account,
      demote: account,
      leave: nothing,
      grant: message(ControlGrantSchema, { chain }),
      revoke: message(ControlDeviceSchema, { device: id }),
      rename: message(ControlTitleSchema, { title: nameRule }),
      commit: message(ControlCommitSchema, {
        child: id,
        added: leaves,
        removed: leaves,
        headsHash: id,
        floor: anything,
      }),
      ack: nothing,
      attest: message(ControlAttestSchema, { leaf, about: id }),
      stale: leaf,
      stuck: message(ControlStuckSchema, { commit: id }),
      recover: message(ControlRecoverSchema, { chain, statement: recoveryStatementRule }),
    }),
  },
  ({ cseq, prev, deps }) => ((cseq === 1) === (prev.length === 0) && areDistinct(deps) ? undefined : 'out-of-range'),
)

const attachment: Codec<ControlAttachment> = codec(ControlAttachmentSchema, MAX_ATTACHMENT_BYTES, {
  keyPackages: list(0, MAX_ACCOUNT_DEVICES, between(1, MAX_KEY_PACKAGE_BYTES)),
  mls: between(0, MAX_ATTACHMENT_BYTES),
  heads: between(0, MAX_LOG_HEADS_BYTES),
  generation: (bytes) => (bytes.length === 0 ? undefined : exactly(16)(bytes)),
})

const acceptance: Codec<Acceptance> = codec(AcceptanceSchema, MAX_ACCEPTANCE_BYTES, {
  conversation: id,
  name: nameRule,
  devices: list(1, MAX_ACCOUNT_DEVICES, message(AcceptedDeviceSchema, { chain, keyPackageHash: id })),
  madeAt,
})

// A log that begins at the highest number would have nothing in it.
const logHead = message(LogHeadSchema, { device: id, seq: within(1, MAX_START) })

const logHeads: Codec<LogHeads> = codec(
  LogHeadsSchema,
  MAX_LOG_HEADS_BYTES,
  { heads: list(0, MAX_DEVICES, logHead) },
  ({ heads }) => (areDistinct(heads.map(({ device }) => device)) ? undefined : 'out-of-range'),
)

/** A thing of a control chain as its author signs it (label {@link CONTROL}). The first in a chain has no `prev`. */
export function encodeControlThing(init: Init<ControlThing>): Uint8Array {
  return thing.encode(init)
}

export function decodeControlThing(bytes: Uint8Array): Decoded<ControlThing> {
  return thing.decode(bytes)
}

export function encodeControlAttachment(init: Init<ControlAttachment>): Uint8Array {
  return attachment.encode(init)
}

export function decodeControlAttachment(bytes: Uint8Array): Decoded<ControlAttachment> {
  return attachment.decode(bytes)
}

/** An account's yes to a group, signed under {@link ACCEPTANCE}. */
export function encodeAcceptance(init: Init<Acceptance>): Uint8Array {
  return acceptance.encode(init)
}

export function decodeAcceptance(bytes: Uint8Array): Decoded<Acceptance> {
  return acceptance.decode(bytes)
}

/** Each device at most once; devices without events are left out. */
export function encodeLogHeads(init: Init<LogHeads>): Uint8Array {
  return logHeads.encode(init)
}

export function decodeLogHeads(bytes: Uint8Array): Decoded<LogHeads> {
  return logHeads.decode(bytes)
}
