import type { DescField, DescMessage } from '@bufbuild/protobuf'
import type { DecodeReason } from '@sotto/interface'

import { MAX_RECORDS } from './limits.ts'

interface Cursor {
  readonly bytes: Uint8Array
  at: number
  records: number
}

/**
 * Walks the records of a message, nested ones too, without allocating anything for them, and refuses more than
 * {@link MAX_RECORDS}. Two bytes can stand for a whole object in memory; without this a frame of 1 MiB would cost
 * its reader half a million of them before a list's length could be checked.
 */
export function admitRecords(desc: DescMessage, bytes: Uint8Array): DecodeReason | undefined {
  return walk(desc, { bytes, at: 0, records: 0 }, bytes.length)
}

function walk(desc: DescMessage, cursor: Cursor, end: number): DecodeReason | undefined {
  while (cursor.at < end) {
    if (++cursor.records > MAX_RECORDS) return 'too-many'
    const tag = varint(cursor, end)
    if (tag === undefined) return 'malformed'
    const reason = skip(nestedOf(desc, tag), cursor, end, tag % 8)
    if (reason !== undefined) return reason
  }
  return undefined
}

function skip(nested: DescMessage | undefined, cursor: Cursor, end: number, wireType: number): DecodeReason | undefined {
  if (wireType === 0) return varint(cursor, end) === undefined ? 'malformed' : undefined
  const length = wireType === 2 ? varint(cursor, end) : { 1: 8, 5: 4 }[wireType]
  if (length === undefined || length > end - cursor.at) return 'malformed'
  if (wireType === 2 && nested !== undefined) return walk(nested, cursor, cursor.at + length)
  cursor.at += length
  return undefined
}

function nestedOf(desc: DescMessage, tag: number): DescMessage | undefined {
  const number = Math.floor(tag / 8)
  const field: DescField | undefined = desc.fields.find((candidate) => candidate.number === number)
  return field?.message
}

/** A varint of at most ten bytes; its value is exact as far as a double goes, which is enough to compare lengths. */
function varint(cursor: Cursor, end: number): number | undefined {
  let value = 0
  for (let scale = 0; scale < 10 && cursor.at < end; scale++) {
    const byte = cursor.bytes[cursor.at++] ?? 0
    value += (byte & 0x7f) * 2 ** (7 * scale)
    if (byte < 0x80) return value
  }
  return undefined
}
