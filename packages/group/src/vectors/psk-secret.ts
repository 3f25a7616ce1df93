import { computePskSecret, type PreSharedKeyID } from 'ts-mls/presharedkey.js'
import { fromHex, same, type HexText } from './check.ts'
import { suiteOf } from './suites.ts'

interface Vector {
  cipher_suite: number
  psks: { psk_id: HexText; psk: HexText; psk_nonce: HexText }[]
  psk_secret: HexText
}

export async function pskSecret(vector: Vector): Promise<void> {
  const suite = await suiteOf(vector.cipher_suite)
  const psks = vector.psks.map(({ psk_id, psk, psk_nonce }): [PreSharedKeyID, Uint8Array] => [
    { psktype: 'external', pskId: fromHex(psk_id), pskNonce: fromHex(psk_nonce) },
    fromHex(psk),
  ])
  same(await computePskSecret(psks, suite), vector.psk_secret, 'psk_secret')
}
