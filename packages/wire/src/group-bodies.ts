import type { Decoded } from '@sotto/interface'

import {
  BackBundleSchema,
  GroupAcceptBodySchema,
  GroupInviteBodySchema,
  GroupWelcomeBodySchema,
  GroupWithdrawBodySchema,
  WelcomeBundleSchema,
  type BackBundle,
  type GroupAcceptBody,
  type GroupInviteBody,
  type GroupWelcomeBody,
  type GroupWithdrawBody,
  type WelcomeBundle,
} from '../gen/sotto/control_pb.js'
import { nameRule } from './bodies.ts'
import { codec, type Codec, type Init } from './codec.ts'
import { signedRecordRule } from './items.ts'
import {
  MAX_ACCOUNT_DEVICES,
  MAX_BACK_BUNDLE_BYTES,
  MAX_BUNDLE_THINGS,
  MAX_EVENT_BODY_BYTES,
  MAX_KEY_PACKAGE_BYTES,
  MAX_LOG_HEADS_BYTES,
  MAX_MLS_BYTES,
  MAX_SIGNED_BODY_BYTES,
  MAX_WELCOME_BUNDLE_BYTES,
  MAX_WELCOME_PART_BYTES,
  MAX_WELCOME_PARTS,
} from './limits.ts'
import { id, relays } from './parts.ts'
import { anything, between, list, within } from './rules.ts'

export type { BackBundle, GroupAcceptBody, GroupInviteBody, GroupWelcomeBody, GroupWithdrawBody, WelcomeBundle }

/** A signed record takes this much more than its body. */
const SIGNATURE_BYTES = 128

const invite: Codec<GroupInviteBody> = codec(GroupInviteBodySchema, MAX_EVENT_BODY_BYTES, {
  conversation: id,
  title: nameRule,
})

const withdraw: Codec<GroupWithdrawBody> = codec(GroupWithdrawBodySchema, MAX_EVENT_BODY_BYTES, {
  conversation: id,
  unusable: anything,
})

const accept: Codec<GroupAcceptBody> = codec(GroupAcceptBodySchema, MAX_EVENT_BODY_BYTES, {
  acceptance: signedRecordRule,
  keyPackages: list(1, MAX_ACCOUNT_DEVICES, between(1, MAX_KEY_PACKAGE_BYTES)),
})

const welcome: Codec<GroupWelcomeBody> = codec(
  GroupWelcomeBodySchema,
  MAX_EVENT_BODY_BYTES,
  {
    conversation: id,
    account: id,
    bundleHash: id,
    part: anything,
    parts: within(1, MAX_WELCOME_PARTS),
    bytes: between(1, MAX_WELCOME_PART_BYTES),
  },
  ({ part, parts }) => (part < parts ? undefined : 'out-of-range'),
)

const bundle: Codec<WelcomeBundle> = codec(WelcomeBundleSchema, MAX_WELCOME_BUNDLE_BYTES, {
  welcome: between(1, MAX_MLS_BYTES),
  things: list(1, MAX_BUNDLE_THINGS, between(1, MAX_SIGNED_BODY_BYTES + SIGNATURE_BYTES)),
  heads: between(0, MAX_LOG_HEADS_BYTES),
  relays,
})

const back: Codec<BackBundle> = codec(BackBundleSchema, MAX_BACK_BUNDLE_BYTES, {
  welcome: between(1, MAX_MLS_BYTES),
  sealed: between(1, MAX_BACK_BUNDLE_BYTES),
})

/** Kind "group.invite": asks whoever is at the other end of a 1:1 into a group. */
export function encodeGroupInviteBody(init: Init<GroupInviteBody>): Uint8Array {
  return invite.encode(init)
}

export function decodeGroupInviteBody(bytes: Uint8Array): Decoded<GroupInviteBody> {
  return invite.decode(bytes)
}

/** Kind "group.withdraw": takes a "group.invite" back. */
export function encodeGroupWithdrawBody(init: Init<GroupWithdrawBody>): Uint8Array {
  return withdraw.encode(init)
}

export function decodeGroupWithdrawBody(bytes: Uint8Array): Decoded<GroupWithdrawBody> {
  return withdraw.decode(bytes)
}

/** Kind "group.accept": the yes to a "group.invite". */
export function encodeGroupAcceptBody(init: Init<GroupAcceptBody>): Uint8Array {
  return accept.encode(init)
}

export function decodeGroupAcceptBody(bytes: Uint8Array): Decoded<GroupAcceptBody> {
  return accept.decode(bytes)
}

/** Kind "group.welcome": a part of an encoded WelcomeBundle, in the 1:1 or, for the inviter to pass on, in the group. */
export function encodeGroupWelcomeBody(init: Init<GroupWelcomeBody>): Uint8Array {
  return welcome.encode(init)
}

export function decodeGroupWelcomeBody(bytes: Uint8Array): Decoded<GroupWelcomeBody> {
  return welcome.decode(bytes)
}

export function encodeWelcomeBundle(init: Init<WelcomeBundle>): Uint8Array {
  return bundle.encode(init)
}

export function decodeWelcomeBundle(bytes: Uint8Array): Decoded<WelcomeBundle> {
  return bundle.decode(bytes)
}

/** What lets a device in again, under keys that it knows still. */
export function encodeBackBundle(init: Init<BackBundle>): Uint8Array {
  return back.encode(init)
}

export function decodeBackBundle(bytes: Uint8Array): Decoded<BackBundle> {
  return back.decode(bytes)
}
