import { createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Result } from '@sotto/interface'
import { fromHex, toHex } from '@sotto/wire'
import { describe, expect, it } from 'vitest'

import { checkProof, type ProvenEvent } from './index.ts'

interface Vectors {
  readonly valid: readonly {
    readonly name: string
    readonly header: string
    readonly proof: string
    readonly eventId: string
    readonly statement: string
    readonly signature: string
  }[]
  readonly invalid: readonly {
    readonly name: string
    readonly header: string
    readonly proof: string
    readonly reason: string
  }[]
}

const file = new URL('../../../spec/vectors/event-proof.json', import.meta.url)
const { valid, invalid } = JSON.parse(readFileSync(file, 'utf8')) as Vectors

/** As whoever takes a proof does: the signature, too, must be the author's. */
function holds(header: string, proof: string): Result<ProvenEvent, string> {
  const checked = checkProof(fromHex(header), fromHex(proof))
  if (!checked.ok) return checked
  const { device, statement, signature } = checked.value
  const x = Buffer.from(device, 'hex').toString('base64url')
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
  return verify(null, statement, key, signature) ? checked : { ok: false, reason: 'bad-signature' }
}

describe('spec/vectors/event-proof.json', () => {
  it.each(valid)('$name holds', ({ header, proof, eventId, statement, signature }) => {
    const checked = holds(header, proof)
    if (!checked.ok) throw new Error(checked.reason)
    expect(checked.value.eventId).toBe(eventId)
    expect(toHex(checked.value.statement)).toBe(statement)
    expect(toHex(checked.value.signature)).toBe(signature)
  })

  it.each(invalid)('$name does not', ({ header, proof, reason }) => {
    expect(holds(header, proof)).toEqual({ ok: false, reason })
  })
})
