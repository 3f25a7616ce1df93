import { sha256 } from '@noble/hashes/sha2.js'
import type { Crypto } from '@sotto/interface'
import {
  decodeDeviceChain,
  DEVICE,
  encodeDeviceCertificate,
  encodeDeviceCertificateBody,
  encodeDeviceChain,
  fromHex,
  MAX_CHAIN_CERTIFICATES,
  signedBytes,
  toHex,
} from '@sotto/wire'

import { verifyChain } from './chain.ts'
import { IdentityError } from './errors.ts'

/** What a new certificate says. `createdAt` is in seconds since 1970 and decides nothing. */
export interface NewDevice {
  /** Ed25519 public key of the device. */
  readonly deviceKey: Uint8Array
  readonly createdAt: number
}

/** The chain of an account's first device: one certificate, signed by the account key. Encoded DeviceChain. */
export async function certifyFirstDevice(
  crypto: Crypto,
  { accountSeed, ...device }: NewDevice & { readonly accountSeed: Uint8Array },
): Promise<Uint8Array> {
  const account = await crypto.ed25519.publicKey(accountSeed)
  const certificate = await certificateOf(crypto, accountSeed, { ...device, account, parent: new Uint8Array() })
  return encodeDeviceChain({ certificates: [certificate] })
}

/**
 * The chain of a further device: its parent's, and a certificate that the parent signs.
 * Throws {@link IdentityError} `bad-chain` when `parentChain` does not end in the device of `parentSeed`, and
 * `chain-full` when it already has eight certificates (an older device, or the recovery phrase, must certify then).
 */
export async function certifyDevice(
  crypto: Crypto,
  {
    parentSeed,
    parentChain,
    ...device
  }: NewDevice & { readonly parentSeed: Uint8Array; readonly parentChain: Uint8Array },
): Promise<Uint8Array> {
  const parent = await verifyChain(crypto, parentChain)
  const chain = decodeDeviceChain(parentChain)
  const last = chain.ok ? chain.value.certificates.at(-1) : undefined
  if (!parent.ok || !chain.ok || last === undefined) {
    throw new IdentityError('bad-chain', "This device's own certificates are damaged; set it up again.")
  }
  if (parent.value.device !== toHex(await crypto.ed25519.publicKey(parentSeed))) {
    throw new IdentityError(
      'bad-chain',
      "This device's key and its certificate do not belong together; set it up again.",
    )
  }
  if (chain.value.certificates.length >= MAX_CHAIN_CERTIFICATES) {
    throw new IdentityError(
      'chain-full',
      'This device is too far from the first one to add another; use an older device.',
    )
  }
  const account = fromHex(parent.value.account)
  const certificate = await certificateOf(crypto, parentSeed, { ...device, account, parent: sha256(last) })
  return encodeDeviceChain({ certificates: [...chain.value.certificates, certificate] })
}

async function certificateOf(
  crypto: Crypto,
  seed: Uint8Array,
  fields: { account: Uint8Array; deviceKey: Uint8Array; parent: Uint8Array; createdAt: number },
): Promise<Uint8Array> {
  const { account, deviceKey, parent, createdAt } = fields
  const body = encodeDeviceCertificateBody({ account, device: deviceKey, parent, createdAt })
  return encodeDeviceCertificate({ body, signature: await crypto.ed25519.sign(seed, signedBytes(DEVICE, body)) })
}
