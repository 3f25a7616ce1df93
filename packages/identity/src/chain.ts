import { sha256 } from '@noble/hashes/sha2.js'
import { ok, refuse, type AccountId, type Crypto, type DeviceId, type Result } from '@sotto/interface'
import {
  decodeDeviceCertificate,
  decodeDeviceCertificateBody,
  decodeDeviceChain,
  DEVICE,
  signedBytes,
  toHex,
  type DeviceCertificateBody,
} from '@sotto/wire'
import { equals } from 'uint8arrays/equals'

/**
 * Why a chain proves nothing. `broken-link`: a certificate does not name the one before it as its parent.
 * `repeated-device`: a key stands in the chain twice, or the account key poses as a device.
 */
export type ChainReason = 'malformed' | 'mixed-accounts' | 'broken-link' | 'repeated-device' | 'bad-signature'

/** One certificate of a chain that holds. */
export interface CertifiedDevice {
  readonly device: DeviceId
  /** Seconds since 1970, as the parent claimed. */
  readonly createdAt: number
  /** SHA-256 of the encoded certificate: what its children name as their parent. */
  readonly hash: Uint8Array
}

/** What a chain proves: `device` belongs to `account`, through the devices in between. */
export interface VerifiedChain {
  readonly account: AccountId
  readonly device: DeviceId
  /** From the account's first device down to `device`. */
  readonly certificates: readonly CertifiedDevice[]
}

interface Link {
  readonly bytes: Uint8Array
  readonly body: DeviceCertificateBody
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

/** Checks an encoded DeviceChain. Signatures are checked over the bytes that were received, cheapest checks first. */
export async function verifyChain(crypto: Crypto, chain: Uint8Array): Promise<Result<VerifiedChain, ChainReason>> {
  const links = linksOf(chain)
  const [first] = links ?? []
  if (links === undefined || first === undefined) return refuse('malformed')
  const account = first.body.account
  const reason = shapeReason(links, account)
  if (reason !== undefined) return refuse(reason)
  let signer = account
  for (const { body, signed, signature } of links) {
    if (!(await crypto.ed25519.verify(signer, signed, signature))) return refuse('bad-signature')
    signer = body.device
  }
  return ok({
    account: toHex(account),
    device: toHex(signer),
    certificates: links.map(({ bytes, body }) => ({
      device: toHex(body.device),
      createdAt: body.createdAt,
      hash: sha256(bytes),
    })),
  })
}

function linksOf(chain: Uint8Array): Link[] | undefined {
  const decoded = decodeDeviceChain(chain)
  if (!decoded.ok) return undefined
  const links: Link[] = []
  for (const bytes of decoded.value.certificates) {
    const certificate = decodeDeviceCertificate(bytes)
    if (!certificate.ok) return undefined
    const body = decodeDeviceCertificateBody(certificate.value.body)
    if (!body.ok) return undefined
    const signed = signedBytes(DEVICE, certificate.value.body)
    links.push({ bytes, body: body.value, signed, signature: certificate.value.signature })
  }
  return links
}

function shapeReason(links: readonly Link[], account: Uint8Array): ChainReason | undefined {
  const keys = new Set([toHex(account)])
  let parent = new Uint8Array()
  for (const { bytes, body } of links) {
    if (!equals(body.account, account)) return 'mixed-accounts'
    if (!equals(body.parent, parent)) return 'broken-link'
    if (keys.has(toHex(body.device))) return 'repeated-device'
    keys.add(toHex(body.device))
    parent = sha256(bytes)
  }
  return undefined
}
