import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { unhex, vectors } from '../test/vectors.ts'
import { checkPow, MAX_POW_BITS, powHash, solvePow, toHex, type Work } from './index.ts'

interface Case {
  mailbox: string
  tag: string
  bodyByte: string
  bodyLength: number
  nonce: number
  bits: number
}

const { valid, invalid } = vectors<Case & { hash: string }, Case>('proof-of-work')

function workOf({ mailbox, tag, bodyByte, bodyLength }: Case): Work {
  return { mailbox: unhex(mailbox), tag: unhex(tag), body: unhex(`${bodyByte}*${bodyLength}`) }
}

describe('spec/vectors/proof-of-work.json', () => {
  it.each(valid)('$bits bits: nonce $nonce', (work) => {
    expect(toHex(powHash(workOf(work), work.nonce))).toBe(work.hash)
    expect(checkPow(workOf(work), work.nonce, work.bits)).toBe(true)
    if (work.bits <= 12) expect(solvePow(workOf(work), work.bits, 0, 100_000)).toBe(work.nonce)
  })

  it.each(invalid)('not $bits bits: nonce $nonce', (work) => {
    expect(checkPow(workOf(work), work.nonce, work.bits)).toBe(false)
  })
})

const work: Work = { mailbox: new Uint8Array(32), tag: new Uint8Array(16), body: new Uint8Array(2_048) }

it('is solved in steps that give the same answer as one', () => {
  const whole = solvePow(work, 10, 0, 100_000)
  let stepwise: number | undefined
  for (let from = 0; stepwise === undefined; from += 50) stepwise = solvePow(work, 10, from, 50)
  expect(stepwise).toBe(whole)
})

it('tries no more than it may, nor a number that the wire cannot carry', () => {
  expect(solvePow(work, 20, 0, 10)).toBeUndefined()
  expect(solvePow(work, 20, 2 ** 32 - 5, 1_000)).toBeUndefined()
  expect(solvePow(work, MAX_POW_BITS + 1, 0, 1_000)).toBeUndefined()
})

it('is bound to mailbox, tag and body', () => {
  const nonce = solvePow(work, 12, 0, 1_000_000) ?? 0
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  const other = fc.record({ mailbox: bytes(32), tag: bytes(16), body: bytes(64) })
  let passed = 0
  fc.assert(
    fc.property(other, (elsewhere) => {
      if (checkPow(elsewhere, nonce, 12)) passed++
    }),
    { seed: 20_261_125, numRuns: 500 },
  )
  expect(passed).toBeLessThan(5)
})
