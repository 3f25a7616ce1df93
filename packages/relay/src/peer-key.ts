import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { generateKeyPair, privateKeyFromRaw } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'

import { codeOf, RelayError } from './errors.ts'

/** The relay's own key, made once for a data folder: the same folder and port have the same address for ever. */
export async function peerKeyOf(directory: string): Promise<Ed25519PrivateKey> {
  const path = join(directory, 'peer.key')
  const stored = read(path)
  if (stored !== undefined) return parse(path, stored)
  const key = await generateKeyPair('Ed25519')
  // 'wx': two relays that start at once must not each believe in a key of its own.
  writeFileSync(path, key.raw, { mode: 0o600, flag: 'wx', flush: true })
  return key
}

function read(path: string): Uint8Array | undefined {
  try {
    const bytes = readFileSync(path)
    chmodSync(path, 0o600)
    return bytes
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new RelayError('data-unusable', `The relay's key ${path} cannot be read (${codeOf(error)}).`, {
      cause: error,
    })
  }
}

function parse(path: string, bytes: Uint8Array): Ed25519PrivateKey {
  try {
    const key = privateKeyFromRaw(bytes)
    if (key.type === 'Ed25519') return key
  } catch {
    // Said below: whatever is in that file is no key of ours.
  }
  throw new RelayError(
    'data-unusable',
    `The relay's key ${path} is damaged. Put its copy back, or delete it: the relay then gets a new address, and old invitations lose it.`,
  )
}
