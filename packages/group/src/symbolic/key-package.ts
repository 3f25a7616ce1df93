import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { ok, refuse, SottoError, type Crypto, type Random } from '@sotto/interface'
import type { OwnKeyPackage, OwnLeaf } from '../key-package.ts'
import type { GroupResult } from '../reasons.ts'
import { bytesIn, hash, unwrap, wrap } from './codec.ts'

/** A key package that was read and is whole. */
export interface KeyPackage {
  readonly ref: string
  readonly credential: Uint8Array
  readonly device: Uint8Array
  readonly lock: string
  readonly notBefore: number
  readonly notAfter: number
}

const NO_SECRET = new Uint8Array()
const KEY = 32

export async function createKeyPackage(
  { crypto, random }: { crypto: Crypto; random: Random },
  { self, notBefore, notAfter }: { self: OwnLeaf; notBefore: number; notAfter: number },
): Promise<OwnKeyPackage> {
  const key = random.bytes(KEY)
  const device = await crypto.ed25519.publicKey(self.deviceSeed)
  const content = {
    credential: bytesToHex(self.credential),
    device: bytesToHex(device),
    lock: lockOf(key),
    notBefore,
    notAfter,
  }
  const bytes = wrap('key package', NO_SECRET, content)
  return { public: bytes, private: concatBytes(key), ref: refOf(bytes) }
}

/** What a Welcome names so that only the holder of `key` takes it. */
export function lockOf(key: Uint8Array): string {
  if (key.length !== KEY)
    throw new SottoError('bad-private-key-package', 'The stored key package is damaged: make a new invitation.')
  return bytesToHex(hash('lock', key))
}

export function refOf(bytes: Uint8Array): string {
  return bytesToHex(hash('ref', bytes))
}

export function decodeKeyPackage(bytes: Uint8Array, now?: number): GroupResult<KeyPackage> {
  const found = unwrap('key package', bytes)
  if (found === undefined) return refuse('not-a-message')
  if (!found.isWhole(NO_SECRET)) return refuse('bad-key-package')
  const { credential, device, lock, notBefore, notAfter } = found.content
  const [chain, key] = [bytesIn(credential), bytesIn(device)]
  if (chain === undefined || key === undefined || typeof lock !== 'string') return refuse('bad-key-package')
  if (typeof notBefore !== 'number' || typeof notAfter !== 'number') return refuse('bad-key-package')
  if (now !== undefined && (now < notBefore || now > notAfter)) return refuse('expired-key-package')
  return ok({ ref: refOf(bytes), credential: chain, device: key, lock, notBefore, notAfter })
}
