import { describe, expect, it } from 'vitest'

import { SUBJECTS } from '../test/codecs.ts'
import { unhex, vectors } from '../test/vectors.ts'
import { encodeReceipt, encodeTextBody, isMessageText, isName, WireError } from './index.ts'

const { valid, invalid } = vectors<
  { message: string; name: string; hex: string },
  { message: string; name: string; hex: string; reason: string }
>('messages')

function subjectOf(name: string): (typeof SUBJECTS)[number] {
  const subject = SUBJECTS.find((candidate) => candidate.name === name)
  if (subject === undefined) throw new Error(`no codec for ${name}`)
  return subject
}

describe('spec/vectors/messages.json', () => {
  it('has accepted cases for every codec, and refused ones', () => {
    const names = SUBJECTS.map(({ name }) => name).toSorted()
    expect([...new Set(valid.map(({ message }) => message))].toSorted()).toEqual(names)
    expect([...new Set(invalid.map(({ message }) => message))].toSorted()).toEqual(names)
  })

  it.each(valid)('takes $message: $name', ({ message, hex }) => {
    const { decode, encode } = subjectOf(message)
    const decoded = decode(unhex(hex))
    expect(decoded).toMatchObject({ ok: true })
    if (decoded.ok) expect(encode(decoded.value)).toEqual(unhex(hex))
  })

  it.each(invalid)('refuses $message: $name', ({ message, hex, reason }) => {
    expect(subjectOf(message).decode(unhex(hex))).toEqual({ ok: false, reason })
  })
})

describe('encoders', () => {
  it('throw a WireError for a record that no decoder would take', () => {
    expect(() => encodeTextBody({ text: '' })).toThrow(WireError)
    expect(() => encodeTextBody({ text: 'a\ud800' })).toThrow(/malformed/)
    expect(() => encodeTextBody({ text: 'a'.repeat(16_385) })).toThrow(/bad-length/)
    expect(() => encodeReceipt({ counter: 1 })).toThrow(WireError)
  })
})

describe('what a person types', () => {
  it.each(['Ada', 'Zoë', '🎈'.repeat(64), 'de la Cruz'])('%s can be a name', (name) => {
    expect(isName(name)).toBe(true)
  })

  it.each(['', 'a'.repeat(65), 'a\nb', 'a\u001b[2J', 'a\u2028b', '\udc00'])('%j cannot', (name) => {
    expect(isName(name)).toBe(false)
  })

  it('is a message up to 16,384 bytes of UTF-8', () => {
    expect(isMessageText('é'.repeat(8_192))).toBe(true)
    expect(isMessageText('é'.repeat(8_192) + 'a')).toBe(false)
    expect(isMessageText('\ud83d')).toBe(false)
    expect(isMessageText('')).toBe(false)
  })
})
