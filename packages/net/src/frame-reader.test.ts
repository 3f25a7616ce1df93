import fc from 'fast-check'
import { concat } from 'uint8arrays/concat'
import { describe, expect, it } from 'vitest'

import { framePrefix, FrameReader, type FrameFault } from './frame-reader.ts'

const MAX = 1_000
const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: MAX }), { maxLength: 20 })

/** Everything that can be taken out after these chunks, and the fault that ended it, if any. */
function readAll(chunks: readonly Uint8Array[], maxFrame = MAX): { frames: Uint8Array[]; fault?: FrameFault } {
  const reader = new FrameReader(maxFrame, 1_000_000)
  const out: Uint8Array[] = []
  for (const chunk of chunks) {
    if (!reader.push(chunk)) return { frames: out, fault: 'overflow' }
    for (let next = reader.next(); next !== undefined; next = reader.next()) {
      if ('fault' in next) return { frames: out, fault: next.fault }
      out.push(next.frame)
    }
  }
  return { frames: out }
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = []
  let from = 0
  for (let index = 0; from < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1
    chunks.push(bytes.subarray(from, from + size))
    from += size
  }
  return chunks
}

describe('frames in a byte stream', () => {
  it('come out as they went in, however the stream is cut', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(frames, sizes, (sent, cuts) => {
        const bytes = concat(sent.flatMap((frame) => [framePrefix(frame.length), frame]))
        expect(readAll(cut(bytes, cuts))).toEqual({ frames: sent.map((frame) => Uint8Array.from(frame)) })
      }),
    )
  })

  it('never throw and never exceed the limit, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
        for (const frame of readAll(chunks, 100).frames) expect(frame.length).toBeLessThanOrEqual(100)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['no length at all', [0x00], 'malformed'],
    ['a length with a superfluous byte', [0x81, 0x00], 'malformed'],
    ['a length of five bytes', [0x80, 0x80, 0x80, 0x80, 0x01], 'malformed'],
    ['a length beyond the limit', [0xe9, 0x07], 'too-large'],
    ['a length beyond 32 bits', [0xff, 0xff, 0xff, 0xff, 0x0f], 'too-large'],
  ])('are refused: %s', (_, bytes, fault) => {
    expect(readAll([Uint8Array.from(bytes)])).toEqual({ frames: [], fault })
  })

  it('are refused when more arrives than may be held', () => {
    const reader = new FrameReader(10, 20)
    expect(reader.push(new Uint8Array(30))).toBe(true)
    expect(reader.push(new Uint8Array(1))).toBe(false)
  })

  it('of a byte at a time cost no more than their size', () => {
    const size = 400_000
    const reader = new FrameReader(size, 0)
    for (const byte of framePrefix(size)) reader.push(Uint8Array.of(byte))
    const one = Uint8Array.of(7)
    const before = performance.now()
    for (let index = 0; index < size - 3; index++) reader.push(one)
    // Copying all that is held for each byte would take minutes.
    expect(performance.now() - before).toBeLessThan(2_000)
    expect(reader.next()).toBeUndefined()
  })

  it('are copies: what comes later does not change them', () => {
    const reader = new FrameReader(10, 100)
    reader.push(Uint8Array.of(1, 7, 1, 8))
    const first = reader.next()
    reader.push(Uint8Array.of(1, 9, 1, 9, 1, 9))
    expect(first).toEqual({ frame: Uint8Array.of(7) })
  })
})
