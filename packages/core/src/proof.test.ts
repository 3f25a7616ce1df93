import { readFileSync } from 'node:fs'
import { fromHex, toHex } from '@sotto/wire'
import { describe, expect, it } from 'vitest'

import { checkProof } from './index.ts'

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

describe('spec/vectors/event-proof.json', () => {
  it.each(valid)('$name holds', ({ header, proof, eventId, statement, signature }) => {
    const checked = checkProof(fromHex(header), fromHex(proof))
    if (!checked.ok) throw new Error(checked.reason)
    expect(checked.value.eventId).toBe(eventId)
    expect(toHex(checked.value.statement)).toBe(statement)
    expect(toHex(checked.value.signature)).toBe(signature)
  })

  it.each(invalid)('$name does not', ({ header, proof, reason }) => {
    expect(checkProof(fromHex(header), fromHex(proof))).toEqual({ ok: false, reason })
  })
})
