import { seededRandom } from '@sotto/testkit'
import { fromString, toString } from 'uint8arrays'
import { expect, test } from 'vitest'
import { byteNeedle, patternsOf, textNeedle, utf16 } from './patterns.ts'
import { Search } from './search.ts'

const random = seededRandom('drill search')
const key = random.bytes(32)
const text = 'Wer reitet so spät durch Nacht und Wind? Es ist der Vater mit seinem Kind.'

/** Ways in which a process may hold bytes; all but the last two for any part of them, too. */
const WAYS: readonly [form: string, write: (bytes: Uint8Array) => Uint8Array][] = [
  ['raw', (bytes) => bytes],
  ['hex', (bytes) => fromString(toString(bytes, 'hex'))],
  ['hex', (bytes) => fromString(toString(bytes, 'hex').toUpperCase())],
  ['hex in utf-16', (bytes) => utf16(toString(bytes, 'hex'))],
  ['base64', (bytes) => fromString(toString(bytes, 'base64pad'))],
  ['base64 in utf-16', (bytes) => utf16(toString(bytes, 'base64'))],
  ['base64url', (bytes) => fromString(toString(bytes, 'base64url'))],
  ['base64url in utf-16', (bytes) => utf16(toString(bytes, 'base64url'))],
  ['base58', (bytes) => fromString(toString(bytes, 'base58btc'))],
  ['base58 in utf-16', (bytes) => utf16(toString(bytes, 'base58btc'))],
]

function hay(length: number, ...put: readonly [at: number, bytes: Uint8Array][]): Uint8Array {
  const bytes = random.bytes(length)
  for (const [at, what] of put) bytes.set(what, at)
  return bytes
}

test.each(WAYS)('a key that lies somewhere as %s is found there', (form, write) => {
  const search = new Search(patternsOf(byteNeedle('key', key)))
  search.scan(hay(50_000), 'nothing')
  expect(search.finds).toEqual([])
  search.scan(hay(50_000, [12_345, write(key)]), 'hay', 1_000_000)
  expect(search.finds).toContainEqual({ needle: 'key', form, where: 'hay', at: 1_012_345 })
})

test.each(WAYS.slice(0, -2))('so is a third of it, as %s and whatever stands beside it', (form, write) => {
  for (const from of [0, 8, 16]) {
    for (const before of [0, 1, 2]) {
      const part = new Uint8Array([...random.bytes(before), ...key.subarray(from, from + 16), ...random.bytes(2)])
      const search = new Search(patternsOf(byteNeedle('key', key)))
      search.scan(hay(5_000, [777, write(part)]), 'hay')
      expect(search.finds.map((find) => find.form)).toContain(form)
    }
  }
})

test('a text is found as it is and in UTF-16, in parts too', () => {
  for (const write of [(part: string) => fromString(part), utf16]) {
    for (const part of [text, text.slice(0, 17), text.slice(-17)]) {
      const search = new Search(patternsOf(textNeedle('poem', text)))
      search.scan(hay(9_000, [1_000, write(part)]), 'hay')
      expect(search.finds).not.toEqual([])
    }
  }
})

test('nothing hides on the border of two pieces that overlap', () => {
  const search = new Search(patternsOf(byteNeedle('key', key)))
  const whole = hay(4_000, [1_990, fromString(toString(key, 'hex'))])
  for (let at = 0; at < whole.length; at += 500) {
    search.scan(whole.subarray(at, at + 500 + search.overlap), 'hay', at)
  }
  expect(search.finds).toContainEqual({ needle: 'key', form: 'hex', where: 'hay', at: 1_990 })
})

test('a needle that may be there by chance is not looked for', () => {
  expect(() => patternsOf(textNeedle('name', 'Bob'))).toThrow(RangeError)
})
