import type { Decoded } from '@sotto/interface'

import {
  DeviceCodeSchema,
  DeviceJoinBodySchema,
  DevicePackageBodySchema,
  LinkingOfferSchema,
  LinkingSchema,
  SelfContactBodySchema,
  SelfReadBodySchema,
  SelfReadMarkSchema,
  SelfRelaysSchema,
  SelfSettingBodySchema,
  SelfSettingSaidSchema,
  type DeviceCode,
  type DeviceJoinBody,
  type DevicePackageBody,
  type Linking,
  type SelfContactBody,
  type SelfReadBody,
  type SelfSettingBody,
} from '../gen/sotto/linking_pb.js'
import { nameRule } from './bodies.ts'
import { codec, type Codec, type Init } from './codec.ts'
import {
  MAX_CHAIN_BYTES,
  MAX_EVENT_BODY_BYTES,
  MAX_INNER_BYTES,
  MAX_KEY_PACKAGE_BYTES,
  MAX_LINK_BYTES,
  MAX_READ_MARKS,
  MAX_RELAYS,
  MAX_WELCOME_BUNDLE_BYTES,
} from './limits.ts'
import { address, areDistinct, id, relays } from './parts.ts'
import { anything, between, exactly, list, message, oneOf, optional, within } from './rules.ts'

export type { DeviceCode, DeviceJoinBody, DevicePackageBody, Linking, SelfContactBody, SelfReadBody, SelfSettingBody }

const code: Codec<DeviceCode> = codec(DeviceCodeSchema, MAX_LINK_BYTES, {
  version: (version) => (version === 1 ? undefined : 'unknown-version'),
  relays,
  device: id,
  secret: exactly(16),
  expiresAt: within(1),
})

const linking: Codec<Linking> = codec(LinkingSchema, MAX_INNER_BYTES, {
  said: oneOf({
    offer: message(LinkingOfferSchema, { chain: between(1, MAX_CHAIN_BYTES), name: nameRule, conversation: id }),
    keyPackage: between(1, MAX_KEY_PACKAGE_BYTES),
    bundle: between(1, MAX_WELCOME_BUNDLE_BYTES),
  }),
})

const join: Codec<DeviceJoinBody> = codec(DeviceJoinBodySchema, MAX_EVENT_BODY_BYTES, { conversation: id, device: id })

const keyPackage: Codec<DevicePackageBody> = codec(DevicePackageBodySchema, MAX_EVENT_BODY_BYTES, {
  conversation: id,
  keyPackage: between(1, MAX_KEY_PACKAGE_BYTES),
})

const read: Codec<SelfReadBody> = codec(SelfReadBodySchema, MAX_EVENT_BODY_BYTES, {
  conversation: id,
  marks: list(
    1,
    MAX_READ_MARKS,
    message(SelfReadMarkSchema, { device: id, seq: within(1), from: within(1) }, ({ seq, from }) =>
      from <= seq ? undefined : 'out-of-range',
    ),
  ),
})

const contact: Codec<SelfContactBody> = codec(SelfContactBodySchema, MAX_EVENT_BODY_BYTES, {
  account: id,
  verified: anything,
  blocked: anything,
})

const setting: Codec<SelfSettingBody> = codec(SelfSettingBodySchema, MAX_EVENT_BODY_BYTES, {
  setting: oneOf({
    name: nameRule,
    relays: message(SelfRelaysSchema, { relays: list(0, MAX_RELAYS, address) }, ({ relays: listed }) =>
      areDistinct(listed) ? undefined : 'out-of-range',
    ),
    relaysOnly: anything,
  }),
  said: optional(message(SelfSettingSaidSchema, { lamport: anything, eventId: id })),
})

/** What a new device shows to one that its account has already. */
export function encodeDeviceCode(init: Init<DeviceCode>): Uint8Array {
  return code.encode(init)
}

export function decodeDeviceCode(bytes: Uint8Array): Decoded<DeviceCode> {
  return code.decode(bytes)
}

/** What the two devices say to each other in the code's mailbox. */
export function encodeLinking(init: Init<Linking>): Uint8Array {
  return linking.encode(init)
}

export function decodeLinking(bytes: Uint8Array): Decoded<Linking> {
  return linking.decode(bytes)
}

/** Kind "device.join", in the account's own conversation. */
export function encodeDeviceJoinBody(init: Init<DeviceJoinBody>): Uint8Array {
  return join.encode(init)
}

export function decodeDeviceJoinBody(bytes: Uint8Array): Decoded<DeviceJoinBody> {
  return join.decode(bytes)
}

/** Kind "device.package", in the account's own conversation. */
export function encodeDevicePackageBody(init: Init<DevicePackageBody>): Uint8Array {
  return keyPackage.encode(init)
}

export function decodeDevicePackageBody(bytes: Uint8Array): Decoded<DevicePackageBody> {
  return keyPackage.decode(bytes)
}

/** Kind "self.read", in the account's own conversation. */
export function encodeSelfReadBody(init: Init<SelfReadBody>): Uint8Array {
  return read.encode(init)
}

export function decodeSelfReadBody(bytes: Uint8Array): Decoded<SelfReadBody> {
  return read.decode(bytes)
}

/** Kind "self.contact", in the account's own conversation. */
export function encodeSelfContactBody(init: Init<SelfContactBody>): Uint8Array {
  return contact.encode(init)
}

export function decodeSelfContactBody(bytes: Uint8Array): Decoded<SelfContactBody> {
  return contact.decode(bytes)
}

/** Kind "self.setting", in the account's own conversation. */
export function encodeSelfSettingBody(init: Init<SelfSettingBody>): Uint8Array {
  return setting.encode(init)
}

export function decodeSelfSettingBody(bytes: Uint8Array): Decoded<SelfSettingBody> {
  return setting.decode(bytes)
}
