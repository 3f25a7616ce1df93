import { expect, test } from 'vitest'
import { byteRoom, MESSAGE_BYTES } from './byte-room.ts'

test('says nothing while there is plenty of room', () => {
  expect(byteRoom('')).toEqual({})
  expect(byteRoom('a'.repeat(MESSAGE_BYTES * 0.8))).toEqual({})
})

test('counts bytes of UTF-8, not characters', () => {
  expect(byteRoom('a'.repeat(MESSAGE_BYTES))).toEqual({ left: '0 bytes' })
  expect(byteRoom('a'.repeat(MESSAGE_BYTES + 1))).toEqual({ over: '1 bytes' })
  expect(byteRoom('€'.repeat(MESSAGE_BYTES / 2))).toEqual({ over: '8.0 KiB' })
})
