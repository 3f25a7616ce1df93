import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ok, refuse, type AccountId, type DeviceId, type Random } from '@sotto/interface'
import type { OwnLeaf, Verify } from '../index.ts'
import type { Device } from '../sim-rules/world.ts'

const KEY = 32
const SIGNATURE = 64

/** Keys of a device of the simulation: its credential is its account's key and that key's signature over the device's. */
export interface Person extends OwnLeaf {
  readonly key: DeviceId
}

export function personOf({ id, account }: Device): Person {
  const deviceSeed = sha256(utf8ToBytes(`device ${id}`))
  const accountSeed = sha256(utf8ToBytes(`account ${account.id}`))
  const deviceKey = ed25519.getPublicKey(deviceSeed)
  const credential = concatBytes(ed25519.getPublicKey(accountSeed), ed25519.sign(deviceKey, accountSeed))
  return { deviceSeed, credential, key: bytesToHex(deviceKey) as DeviceId }
}

export const verify: Verify = (credential, signatureKey) => {
  if (credential.length !== KEY + SIGNATURE) return refuse('bad-length')
  const account = credential.subarray(0, KEY)
  if (!isCertified(credential, signatureKey)) return refuse('bad-signature')
  return ok({ account: bytesToHex(account) as AccountId, device: bytesToHex(signatureKey) as DeviceId })
}

const certified = new Set<string>()

/** Remembers what held: every leaf of every tree is asked about. */
function isCertified(credential: Uint8Array, signatureKey: Uint8Array): boolean {
  const name = bytesToHex(concatBytes(credential, signatureKey))
  if (certified.has(name)) return true
  if (!ed25519.verify(credential.subarray(KEY), signatureKey, credential.subarray(0, KEY))) return false
  certified.add(name)
  return true
}

/** The same bytes for the same seed. */
export function bytesFrom(seed: string): Random {
  let counter = 0
  return {
    bytes(length) {
      const blocks = Array.from({ length: Math.ceil(length / KEY) }, () => sha256(utf8ToBytes(`${seed} ${counter++}`)))
      return concatBytes(...blocks).slice(0, length)
    },
  }
}
