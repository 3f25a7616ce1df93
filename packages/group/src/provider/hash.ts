import { expand, extract } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import type { CHash } from '@noble/hashes/utils.js'
import type { Hash } from 'ts-mls/crypto/hash.js'
import type { Kdf } from 'ts-mls/crypto/kdf.js'
import { equalBytes } from './equal-bytes.ts'

// Synchronous inside: one message costs ten HKDF steps, and each hop through the platform's thread pool costs more
// than the hash itself.

/** Hash and HMAC as MLS wants them. `mac` comparison takes the same time whatever differs. */
export function hashOf(hash: CHash): Hash {
  return {
    digest: async (data) => hash(data),
    mac: async (key, data) => hmac(hash, key, data),
    verifyMac: async (key, mac, data) => equalBytes(hmac(hash, key, data), mac),
  }
}

/** HKDF (RFC 5869) over `hash`. */
export function kdfOf(hash: CHash): Kdf {
  return {
    extract: async (salt, ikm) => extract(hash, ikm, salt),
    expand: async (prk, info, length) => expand(hash, prk, info, length),
    size: hash.outputLen,
  }
}
