import type { Hpke } from 'ts-mls/crypto/hpke.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { same } from './check.ts'

/** Throws unless what is sealed to the public key opens under the private one. */
export async function checkHpkePair(
  hpke: Hpke,
  publicKey: Uint8Array,
  privateKey: Uint8Array,
  what: string,
): Promise<void> {
  const [probe, info] = [Uint8Array.of(1, 2, 3), new Uint8Array()]
  const sealed = await hpke.seal(await hpke.importPublicKey(publicKey), probe, info)
  const opened = await hpke.open(await hpke.importPrivateKey(privateKey), sealed.enc, sealed.ct, info)
  same(opened, bytesToHex(probe), what)
}
