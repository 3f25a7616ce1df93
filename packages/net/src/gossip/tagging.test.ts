import { createHash, createHmac } from 'node:crypto'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { messageId, Tagging } from './tagging.ts'

const SEED = 20_261_128
const KEY = new Uint8Array(32).fill(3)
const tagging = new Tagging(KEY)

test(`a message is HMAC-SHA-256 of the envelope, and the envelope (seed ${SEED})`, () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (envelope, at, change) => {
        const message = tagging.add(envelope)
        const tag = createHmac('sha256', KEY).update(envelope).digest()
        expect(message).toEqual(new Uint8Array([...tag, ...envelope]))
        expect(tagging.remove(message)).toEqual(envelope)
        const changed = message.slice()
        changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ change
        expect(tagging.remove(changed)).toBeUndefined()
        expect(new Tagging(new Uint8Array(32)).remove(message)).toBeUndefined()
      },
    ),
    { seed: SEED },
  )
})

test('what has no size of an envelope is none, even with the right tag', () => {
  expect(tagging.remove(tagging.add(new Uint8Array(16_384)))).toHaveLength(16_384)
  expect(tagging.remove(tagging.add(new Uint8Array(16_385)))).toBeUndefined()
  expect(tagging.remove(tagging.add(new Uint8Array()))).toBeUndefined()
  expect(tagging.remove(new Uint8Array(31))).toBeUndefined()
})

test('the id of a message is the hash of its topic, a zero and the envelope', () => {
  const hash = createHash('sha256').update('topic0\0').update(Uint8Array.of(1, 2)).digest()
  expect(messageId('topic0', Uint8Array.of(1, 2))).toEqual(new Uint8Array(hash))
})
