import { threadCpuUsage } from 'node:process'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { SUBJECTS, type Subject } from '../test/codecs.ts'
import { mutate, randomBytes, seeded } from '../test/mutate.ts'
import * as wire from './index.ts'

const SEED = 20_261_125
const INPUTS = 10_000
const MAX_CPU_MS = 50

/** What it costs; at most three tries, of which the cheapest counts: the engine compiles and tidies up when it likes. */
function timed<T>(run: () => T, tries = 3): { readonly value: T; readonly cpuMs: number } {
  const before = threadCpuUsage()
  const value = run()
  const { user, system } = threadCpuUsage(before)
  const cpuMs = (user + system) / 1_000
  return cpuMs < MAX_CPU_MS || tries === 1 ? { value, cpuMs } : timed(run, tries - 1)
}

type Decoded = ReturnType<Subject['decode']>

/** What every input must give: a value, and if it is accepted, one whose only form is that input. */
function isTotal({ encode }: Subject, decoded: Decoded, input: Uint8Array): boolean {
  // An `expect` for each of a million inputs would cost more than what it looks at.
  if (!decoded.ok) {
    if (!/^[a-z-]+$/.test(decoded.reason)) throw new Error(`No word: ${JSON.stringify(decoded.reason)}`)
    return false
  }
  if (Buffer.compare(encode(decoded.value), input) !== 0)
    throw new Error(`Another form: ${Buffer.from(input).toString('hex')}`)
  return true
}

it('lists every codec of the package', () => {
  const names = Object.keys(wire).filter((name) => /^(encode|decode)[A-Z]/.test(name))
  expect(names.toSorted()).toEqual(SUBJECTS.flatMap(({ name }) => [`encode${name}`, `decode${name}`]).toSorted())
})

describe.each(SUBJECTS)('$name', (subject) => {
  const { arbitrary, decode, encode, maxBytes, name } = subject

  it('comes back from its bytes', () => {
    fc.assert(
      fc.property(arbitrary, (init) => {
        const bytes = encode(init)
        const decoded = decode(bytes)
        expect(decoded).toMatchObject({ ok: true, value: init as object })
        expect(isTotal(subject, decoded, bytes)).toBe(true)
      }),
      { seed: SEED, numRuns: 200 },
    )
  })

  it(`gives a value for ${INPUTS} random and mutated inputs, in at most ${MAX_CPU_MS} ms of CPU each (seed ${SEED})`, () => {
    const random = seeded(SEED)
    const valid = fc.sample(arbitrary, { numRuns: 100, seed: SEED }).map(encode)
    let slowest = 0
    let accepted = 0
    for (let count = 0; count < INPUTS; count++) {
      const base = valid[count % valid.length] ?? new Uint8Array()
      const other = valid[Math.floor(random() * valid.length)] ?? new Uint8Array()
      const input = count % 4 === 0 ? randomBytes(random, 600) : mutate(random, base, other)
      const { value, cpuMs } = timed(() => decode(input))
      slowest = Math.max(slowest, cpuMs)
      if (isTotal(subject, value, input)) accepted++
    }
    expect(accepted).toBeGreaterThan(0)
    expect(accepted).toBeLessThan(INPUTS / 2)
    expect(slowest).toBeLessThan(MAX_CPU_MS)
  })

  it('refuses a message that is too large before it looks inside', () => {
    expect(decode(new Uint8Array(maxBytes + 1))).toEqual({ ok: false, reason: 'too-large' })
  })

  it('stays cheap when the largest message is made of the smallest records', () => {
    for (let field = 1; field <= 15; field++) {
      for (const wireType of [0, 2, 3]) {
        const input = new Uint8Array(maxBytes)
        for (let at = 0; at < input.length; at += 2) input[at] = field * 8 + wireType
        const { value, cpuMs } = timed(() => decode(input))
        expect(cpuMs, `field ${field} of ${name}`).toBeLessThan(MAX_CPU_MS)
        expect(value.ok).toBe(false)
      }
    }
  })

  it('takes fields that a later version adds, and keeps their bytes', () => {
    const [init] = fc.sample(arbitrary, { numRuns: 1, seed: SEED })
    const later = Uint8Array.from([...encode(init), 0xf8, 0x07, 0x05, 0x82, 0x08, 0x02, 0x41, 0x42])
    const decoded = decode(later)
    expect(decoded.ok).toBe(true)
    if (decoded.ok) expect(encode(decoded.value)).toEqual(later)
    const swapped = Uint8Array.from([...encode(init), 0x82, 0x08, 0x02, 0x41, 0x42, 0xf8, 0x07, 0x05])
    expect(decode(swapped)).toEqual({ ok: false, reason: 'not-canonical' })
  })
})
