import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { ok, refuse, SottoError } from '@sotto/interface'
import type { Credential } from 'ts-mls/credential.js'
import {
  generateKeyPackageWithKey,
  makeKeyPackageRef,
  type KeyPackage,
  type PrivateKeyPackage,
} from 'ts-mls/keyPackage.js'
import { isBoundedLeaf } from './bounds.ts'
import { ED25519, SUITE, type GroupEngine } from './engine.ts'
import { MAX_CREDENTIAL, MAX_KEY_PACKAGE, MAX_WELCOME } from './limits.ts'
import { decodeMessage, encodeMessage } from './message-codec.ts'
import { isXWingPublicKey } from './provider/x-wing-key.ts'
import { SUITE_NAME } from './provider/suite.ts'
import type { GroupResult } from './reasons.ts'

const VERSION = 1
const SEED = 32

/** What this device puts into its leaf. */
export interface OwnLeaf {
  /** Ed25519 seed of the device's key (32 bytes). */
  readonly deviceSeed: Uint8Array
  /** The encoded device chain: what `verify` takes. */
  readonly credential: Uint8Array
}

/** A key package and the keys that open a Welcome for it. `ref` is its KeyPackageRef (RFC 9420 5.2), hex. */
export interface OwnKeyPackage {
  readonly public: Uint8Array
  readonly private: Uint8Array
  readonly ref: string
}

/** Makes a key package that is valid from `notBefore` until `notAfter` (seconds since 1970). */
export async function createKeyPackage(
  engine: GroupEngine,
  init: { self: OwnLeaf; notBefore: number; notAfter: number },
): Promise<OwnKeyPackage> {
  const { publicPackage, privatePackage } = await generate(engine, init)
  return {
    public: encodeMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage: publicPackage }),
    private: concatBytes(Uint8Array.of(VERSION), privatePackage.initPrivateKey, privatePackage.hpkePrivateKey),
    ref: await refOf(engine, publicPackage),
  }
}

/** A fresh key package in the library's form. */
export async function generate(
  engine: GroupEngine,
  init: { self: OwnLeaf; notBefore: number; notAfter: number },
): Promise<{ publicPackage: KeyPackage; privatePackage: PrivateKeyPackage }> {
  const { deviceSeed, credential } = init.self
  if (deviceSeed.length !== SEED) throw new SottoError('bad-device-seed', 'A device key must be a seed of 32 bytes.')
  if (credential.length > MAX_CREDENTIAL) {
    throw new SottoError('credential-too-large', `A device chain must have at most ${MAX_CREDENTIAL} bytes.`)
  }
  const suite = engine[SUITE]
  const capabilities = {
    versions: ['mls10' as const],
    ciphersuites: [SUITE_NAME],
    extensions: [],
    proposals: [],
    credentials: ['basic' as const],
  }
  const lifetime = { notBefore: BigInt(init.notBefore), notAfter: BigInt(init.notAfter) }
  const basic: Credential = { credentialType: 'basic', identity: credential }
  const keys = { signKey: deviceSeed, publicKey: await engine[ED25519].publicKey(deviceSeed) }
  return generateKeyPackageWithKey(basic, capabilities, lifetime, [], keys, suite)
}

/** Decodes somebody's key package and checks what does not need a group: suite, keys and, given `now` (s), lifetime. */
export function decodeKeyPackage(bytes: Uint8Array, now?: number): GroupResult<KeyPackage> {
  const decoded = decodeMessage('mls_key_package', bytes, MAX_KEY_PACKAGE)
  if (!decoded.ok) return decoded
  const { keyPackage } = decoded.value
  const { initKey, leafNode, cipherSuite, extensions } = keyPackage
  if (cipherSuite !== SUITE_NAME || extensions.length > 0 || !isBoundedLeaf(leafNode)) return refuse('bad-key-package')
  if (!leafNode.capabilities.ciphersuites.includes(SUITE_NAME)) return refuse('bad-key-package')
  if (!isXWingPublicKey(initKey)) return refuse('bad-key-package')
  if (now === undefined) return ok(keyPackage)
  const { notBefore, notAfter } = leafNode.lifetime
  return notBefore <= BigInt(now) && BigInt(now) <= notAfter ? ok(keyPackage) : refuse('expired-key-package')
}

/** Reads the private half again, and the signature key from `self`. */
export function decodePrivate(bytes: Uint8Array, self: OwnLeaf): PrivateKeyPackage {
  if (bytes.length !== 1 + 2 * SEED || bytes[0] !== VERSION) {
    throw new SottoError('bad-private-key-package', 'The stored key package is damaged: make a new invitation.')
  }
  return {
    initPrivateKey: bytes.slice(1, 1 + SEED),
    hpkePrivateKey: bytes.slice(1 + SEED),
    signaturePrivateKey: self.deviceSeed,
  }
}

/** The refs of the key packages that a Welcome is for: which of ours to join with. */
export function welcomeRefs(welcome: Uint8Array): GroupResult<readonly string[]> {
  const decoded = decodeMessage('mls_welcome', welcome, MAX_WELCOME)
  if (!decoded.ok) return decoded
  return ok(decoded.value.welcome.secrets.map((secret) => bytesToHex(secret.newMember)))
}

async function refOf(engine: GroupEngine, keyPackage: KeyPackage): Promise<string> {
  return bytesToHex(await makeKeyPackageRef(keyPackage, engine[SUITE].hash))
}
