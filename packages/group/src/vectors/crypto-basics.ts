import { refhash } from 'ts-mls/crypto/hash.js'
import { decryptWithLabel, encryptWithLabel } from 'ts-mls/crypto/hpke.js'
import { deriveSecret, deriveTreeSecret, expandWithLabel } from 'ts-mls/crypto/kdf.js'
import { signWithLabel, verifyWithLabel } from 'ts-mls/crypto/signature.js'
import { check, fromHex, same, type HexText } from './check.ts'
import { suiteOf } from './suites.ts'

interface Vector {
  cipher_suite: number
  ref_hash: { label: string; value: HexText; out: HexText }
  expand_with_label: { secret: HexText; label: string; context: HexText; length: number; out: HexText }
  derive_secret: { secret: HexText; label: string; out: HexText }
  derive_tree_secret: { secret: HexText; label: string; generation: number; length: number; out: HexText }
  sign_with_label: { priv: HexText; pub: HexText; content: HexText; label: string; signature: HexText }
  encrypt_with_label: {
    priv: HexText
    pub: HexText
    label: string
    context: HexText
    plaintext: HexText
    kem_output: HexText
    ciphertext: HexText
  }
}

export async function cryptoBasics(vector: Vector): Promise<void> {
  const { kdf, hash } = await suiteOf(vector.cipher_suite)
  const r = vector.ref_hash
  same(await refhash(r.label, fromHex(r.value), hash), r.out, 'ref_hash')
  const e = vector.expand_with_label
  same(await expandWithLabel(fromHex(e.secret), e.label, fromHex(e.context), e.length, kdf), e.out, 'expand_with_label')
  const d = vector.derive_secret
  same(await deriveSecret(fromHex(d.secret), d.label, kdf), d.out, 'derive_secret')
  const t = vector.derive_tree_secret
  same(await deriveTreeSecret(fromHex(t.secret), t.label, t.generation, t.length, kdf), t.out, 'derive_tree_secret')
  await signing(vector)
  await encryption(vector)
}

async function signing({ cipher_suite, sign_with_label: v }: Vector): Promise<void> {
  const { signature } = await suiteOf(cipher_suite)
  const [key, content] = [fromHex(v.pub), fromHex(v.content)]
  check(await verifyWithLabel(key, v.label, content, fromHex(v.signature), signature), 'signature of the vector')
  const own = await signWithLabel(fromHex(v.priv), v.label, content, signature)
  check(await verifyWithLabel(key, v.label, content, own, signature), 'own signature')
}

async function encryption({ cipher_suite, encrypt_with_label: v }: Vector): Promise<void> {
  const { hpke } = await suiteOf(cipher_suite)
  const key = await hpke.importPrivateKey(fromHex(v.priv))
  const context = fromHex(v.context)
  const opened = await decryptWithLabel(key, v.label, context, fromHex(v.kem_output), fromHex(v.ciphertext), hpke)
  same(opened, v.plaintext, 'plaintext of the vector')
  const publicKey = await hpke.importPublicKey(fromHex(v.pub))
  const own = await encryptWithLabel(publicKey, v.label, context, fromHex(v.plaintext), hpke)
  same(await decryptWithLabel(key, v.label, context, own.enc, own.ct, hpke), v.plaintext, 'own plaintext')
}
