import { AeadId, type AeadEncryptionContext, type AeadInterface } from '@hpke/core'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'

/** ChaCha20-Poly1305 as an AEAD of RFC 9180 (id 3). */
export class ChachaForHpke implements AeadInterface {
  readonly id: typeof AeadId.Chacha20Poly1305 = AeadId.Chacha20Poly1305
  readonly keySize: number = 32
  readonly nonceSize: number = 12
  readonly tagSize: number = 16

  createEncryptionContext(key: ArrayBufferLike | ArrayBufferView): AeadEncryptionContext {
    const secret = view(key)
    return {
      seal: async (nonce, data, aad) =>
        chacha20poly1305(secret, view(nonce), view(aad)).encrypt(view(data)).slice().buffer,
      open: async (nonce, data, aad) =>
        chacha20poly1305(secret, view(nonce), view(aad)).decrypt(view(data)).slice().buffer,
    }
  }
}

function view(bytes: ArrayBufferLike | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}
