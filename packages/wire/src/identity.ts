import type { Decoded } from '@sotto/interface'

import {
  DeviceCertificateBodySchema,
  DeviceCertificateSchema,
  DeviceChainSchema,
  InvitationBlobSchema,
  InvitationBodySchema,
  InvitationLinkSchema,
  type DeviceCertificate,
  type DeviceCertificateBody,
  type DeviceChain,
  type InvitationBlob,
  type InvitationBody,
  type InvitationLink,
} from '../gen/sotto/identity_pb.js'
import { nameRule } from './bodies.ts'
import { codec, type Codec, type Init } from './codec.ts'
import {
  MAX_CERTIFICATE_BODY_BYTES,
  MAX_CERTIFICATE_BYTES,
  MAX_CHAIN_BYTES,
  MAX_CHAIN_CERTIFICATES,
  MAX_INVITATION_BYTES,
  MAX_INVITATION_USES,
  MAX_KEY_PACKAGE_BYTES,
  MAX_LINK_BYTES,
  MAX_POW_BITS,
} from './limits.ts'
import { id, idOrNone, relays, signature } from './parts.ts'
import { anything, between, exactly, list, within } from './rules.ts'

export type { DeviceCertificate, DeviceCertificateBody, DeviceChain, InvitationBlob, InvitationBody, InvitationLink }

const deviceCertificate: Codec<DeviceCertificate> = codec(DeviceCertificateSchema, MAX_CERTIFICATE_BYTES, {
  body: between(1, MAX_CERTIFICATE_BODY_BYTES),
  signature,
})

const deviceCertificateBody: Codec<DeviceCertificateBody> = codec(
  DeviceCertificateBodySchema,
  MAX_CERTIFICATE_BODY_BYTES,
  { account: id, device: id, parent: idOrNone, createdAt: anything },
)

const deviceChain: Codec<DeviceChain> = codec(DeviceChainSchema, MAX_CHAIN_BYTES, {
  certificates: list(1, MAX_CHAIN_CERTIFICATES, between(1, MAX_CERTIFICATE_BYTES)),
})

const invitationLink: Codec<InvitationLink> = codec(InvitationLinkSchema, MAX_LINK_BYTES, {
  version: (version) => (version === 1 ? undefined : 'unknown-version'),
  relays,
  accountHash: id,
  secret: exactly(16),
})

const invitationBlob: Codec<InvitationBlob> = codec(InvitationBlobSchema, MAX_INVITATION_BYTES, {
  body: between(1, MAX_INVITATION_BYTES),
  signature,
})

const invitationBody: Codec<InvitationBody> = codec(
  InvitationBodySchema,
  MAX_INVITATION_BYTES,
  {
    name: nameRule,
    chain: between(1, MAX_CHAIN_BYTES),
    keyPackages: list(1, MAX_INVITATION_USES, between(1, MAX_KEY_PACKAGE_BYTES)),
    knockReadKey: id,
    uses: within(1, MAX_INVITATION_USES),
    expiresAt: within(1),
    powBits: within(0, MAX_POW_BITS),
    invitation: id,
  },
  ({ keyPackages, uses }) => (keyPackages.length === uses ? undefined : 'out-of-range'),
)

export function encodeDeviceCertificate(init: Init<DeviceCertificate>): Uint8Array {
  return deviceCertificate.encode(init)
}

export function decodeDeviceCertificate(bytes: Uint8Array): Decoded<DeviceCertificate> {
  return deviceCertificate.decode(bytes)
}

export function encodeDeviceCertificateBody(init: Init<DeviceCertificateBody>): Uint8Array {
  return deviceCertificateBody.encode(init)
}

export function decodeDeviceCertificateBody(bytes: Uint8Array): Decoded<DeviceCertificateBody> {
  return deviceCertificateBody.decode(bytes)
}

export function encodeDeviceChain(init: Init<DeviceChain>): Uint8Array {
  return deviceChain.encode(init)
}

/** Checks no signature: that is identity's `verifyChain`. */
export function decodeDeviceChain(bytes: Uint8Array): Decoded<DeviceChain> {
  return deviceChain.decode(bytes)
}

export function encodeInvitationLink(init: Init<InvitationLink>): Uint8Array {
  return invitationLink.encode(init)
}

export function decodeInvitationLink(bytes: Uint8Array): Decoded<InvitationLink> {
  return invitationLink.decode(bytes)
}

export function encodeInvitationBlob(init: Init<InvitationBlob>): Uint8Array {
  return invitationBlob.encode(init)
}

export function decodeInvitationBlob(bytes: Uint8Array): Decoded<InvitationBlob> {
  return invitationBlob.decode(bytes)
}

export function encodeInvitationBody(init: Init<InvitationBody>): Uint8Array {
  return invitationBody.encode(init)
}

export function decodeInvitationBody(bytes: Uint8Array): Decoded<InvitationBody> {
  return invitationBody.decode(bytes)
}
