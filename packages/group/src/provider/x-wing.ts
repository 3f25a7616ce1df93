import { CipherSuite, HkdfSha512 } from '@hpke/core'
import { XWing } from '@hpke/hybridkem-x-wing'
import type { Random } from '@sotto/interface'
import type { Hpke, PrivateKey, PublicKey } from 'ts-mls/crypto/hpke.js'
import { CryptoError } from 'ts-mls/mlsError.js'
import { chachaAead } from './aead.ts'
import { ChachaForHpke } from './hpke-aead.ts'
import { isXWingPublicKey } from './x-wing-key.ts'

/** Bytes of randomness of one X-Wing encapsulation: 32 for ML-KEM-768, 32 for X25519. */
const ENCAPSULATION_SEED = 64
const KEY_SEED = 32

/** HPKE (RFC 9180, base mode) with X-Wing, HKDF-SHA512 and ChaCha20-Poly1305. All its randomness comes from `random`. */
export function xWingHpke(random: Random): Hpke {
  const kem = new XWing()
  const suite = new CipherSuite({ kem, kdf: new HkdfSha512(), aead: new ChachaForHpke() })
  const recipient = (publicKey: PublicKey, info: Uint8Array) => ({
    recipientPublicKey: publicKey,
    info: plain(info),
    ekm: plain(random.bytes(ENCAPSULATION_SEED)),
  })
  return {
    ...chachaAead,
    async seal(publicKey, plaintext, info, aad) {
      const sealed = await suite.seal(recipient(publicKey, info), plain(plaintext), plain(aad ?? new Uint8Array()))
      return { ct: new Uint8Array(sealed.ct), enc: new Uint8Array(sealed.enc) }
    },
    open: (recipientKey, enc, ciphertext, info, aad) =>
      checked(async () => {
        const parts = { recipientKey, enc: plain(enc), info: plain(info) }
        return new Uint8Array(await suite.open(parts, plain(ciphertext), plain(aad ?? new Uint8Array())))
      }),
    async exportSecret(publicKey, context, length, info) {
      const sender = await suite.createSenderContext(recipient(publicKey, info))
      return { enc: new Uint8Array(sender.enc), secret: new Uint8Array(await sender.export(plain(context), length)) }
    },
    importSecret: (recipientKey, context, enc, length, info) =>
      checked(async () => {
        const receiver = await suite.createRecipientContext({ recipientKey, enc: plain(enc), info: plain(info) })
        return new Uint8Array(await receiver.export(plain(context), length))
      }),
    importPrivateKey: (key) => checked(async () => (await kem.deserializePrivateKey(plain(key))) as PrivateKey),
    importPublicKey: (key) =>
      checked(async () => {
        if (!isXWingPublicKey(key)) throw new CryptoError('Not an X-Wing public key')
        return (await kem.deserializePublicKey(plain(key))) as PublicKey
      }),
    exportPublicKey: async (key) => new Uint8Array(await kem.serializePublicKey(key)),
    exportPrivateKey: async (key) => new Uint8Array(await kem.serializePrivateKey(key)),
    deriveKeyPair: async (ikm) => pair(await kem.deriveKeyPair(plain(ikm))),
    generateKeyPair: async () => pair(await kem.generateKeyPairDerand(random.bytes(KEY_SEED))),
  }
}

/** The public key of an X-Wing private key (a seed of 32 bytes). */
export async function xWingPublicKey(seed: Uint8Array): Promise<Uint8Array> {
  const kem = new XWing()
  const { publicKey } = await kem.generateKeyPairDerand(Uint8Array.from(seed))
  return new Uint8Array(await kem.serializePublicKey(publicKey))
}

/** The library takes whole ArrayBuffers: a view would hand over its neighbours. */
function plain(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer
}

function pair(keys: { privateKey: unknown; publicKey: unknown }): { privateKey: PrivateKey; publicKey: PublicKey } {
  return { privateKey: keys.privateKey as PrivateKey, publicKey: keys.publicKey as PublicKey }
}

async function checked<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    throw cause instanceof CryptoError ? cause : new CryptoError('HPKE refused these bytes')
  }
}
