import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf'
import type { DecodeReason } from '@sotto/interface'

import { MAX_RECORDS } from './limits.ts'

const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5

interface Cursor {
  readonly bytes: Uint8Array
  at: number
  records: number
}

/**
 * Walks the records of a message, nested ones too, without allocating anything for them, and refuses more than
 * {@link MAX_RECORDS}. Two bytes can stand for a whole object in memory; without this a frame of 1 MiB would cost
 * its reader half a million of them before a list's length could be checked. Refuses wire types that do not fit the
 * field too, which the library would misread.
 */
export function admitRecords(desc: DescMessage, bytes: Uint8Array): DecodeReason | undefined {
  return walk(desc, { bytes, at: 0, records: 0 }, bytes.length)
}

function walk(desc: DescMessage, cursor: Cursor, end: number): DecodeReason | undefined {
  while (cursor.at < end) {
    if (++cursor.records > MAX_RECORDS) return 'too-many'
    const tag = varint(cursor, end)
    if (tag === undefined) return 'malformed'
    const number = Math.floor(tag / 8)
    const reason = value(
      desc.fields.find((field) => field.number === number),
      cursor,
      end,
      tag % 8,
    )
    if (reason !== undefined) return reason
  }
  return undefined
}

function value(field: DescField | undefined, cursor: Cursor, end: number, wireType: number): DecodeReason | undefined {
  if (field !== undefined && !fits(field, wireType)) return 'malformed'
  if (wireType === VARINT) return varint(cursor, end) === undefined ? 'malformed' : undefined
  const length = lengthOf(wireType, cursor, end)
  if (length === undefined || length > end - cursor.at) return 'malformed'
  if (field?.message !== undefined) return walk(field.message, cursor, cursor.at + length)
  cursor.at += length
  return undefined
}

/** Numbers in a list may come one by one here; the comparison with the canonical form refuses them. */
function fits(field: DescField, wireType: number): boolean {
  const isBytes = field.scalar === ScalarType.BYTES || field.scalar === ScalarType.STRING || field.message !== undefined
  if (isBytes) return wireType === BYTES
  return wireType === VARINT || (wireType === BYTES && field.fieldKind === 'list')
}

/** `undefined` for groups and for what no wire type is. */
function lengthOf(wireType: number, cursor: Cursor, end: number): number | undefined {
  if (wireType === BYTES) return varint(cursor, end)
  if (wireType === FIXED64) return 8
  return wireType === FIXED32 ? 4 : undefined
}

/** A varint of at most ten bytes; its value is exact as far as a double goes, which is enough to compare lengths. */
function varint(cursor: Cursor, end: number): number | undefined {
  let number = 0
  for (let scale = 0; scale < 10 && cursor.at < end; scale++) {
    const byte = cursor.bytes[cursor.at++] ?? 0
    number += (byte & 0x7f) * 2 ** (7 * scale)
    if (byte < 0x80) return number
  }
  return undefined
}
