import { ok, refuse, type Decoded } from '@sotto/interface'

import { fromHex } from './hex.ts'
import { MAX_PACKED_BYTES, MAX_PACKED_RUN_BYTES, MAX_PACKED_THINGS, MAX_SIGNED_BODY_BYTES } from './limits.ts'
import { PackedRun, type Ids } from './packed-run.ts'
import { decodeSignedRecord } from './items.ts'
import { thingIdOf } from './thing-id.ts'
import { readVarint } from './varint.ts'

/** The first byte of a packed run. An entry that begins otherwise is one record as it is. */
const PACKED = 1
/** An entry has room for the largest record that is not packed. */
const RUN = MAX_SIGNED_BODY_BYTES

/**
 * Control things, encoded and each after all that it rests on, as the entries of a bundle: most of what one holds are names of others and what was said before.
 */
export function packThings(records: readonly Uint8Array[]): Uint8Array[] {
  const entries: Uint8Array[] = []
  const ids: Ids = { known: new Map(), starts: new Set() }
  let run = new PackedRun(PACKED)
  const close = (): void => {
    if (run.count > 0) entries.push(run.bytes())
    run = new PackedRun(PACKED)
  }
  for (const [place, record] of records.entries()) {
    const isAdded = run.add(record, ids, RUN, MAX_PACKED_RUN_BYTES)
    if (!isAdded) {
      close()
      if (!run.add(record, ids, RUN, MAX_PACKED_RUN_BYTES)) entries.push(record)
    }
    const decoded = decodeSignedRecord(record)
    const id = decoded.ok ? fromHex(thingIdOf(decoded.value.body)) : undefined
    if (id === undefined || ids.known.has(nameOf(id))) continue
    ids.known.set(nameOf(id), place)
    ids.starts.add(new DataView(id.buffer, id.byteOffset).getUint32(0))
  }
  close()
  return entries
}

/** The encoded records that entries stand for, in their order. Total, and bounded whatever they say. */
export function unpackThings(entries: readonly Uint8Array[]): Decoded<Uint8Array[]> {
  const records: Uint8Array[] = []
  const ids: Uint8Array[] = []
  const out = new Uint8Array(MAX_PACKED_RUN_BYTES)
  let bytes = 0
  for (const entry of entries) {
    const before = records.length
    if (entry[0] === PACKED) {
      if (!unpackRun(entry, out, { records, ids })) return refuse('malformed')
    } else {
      const id = idOf(entry)
      if (id === undefined) return refuse('malformed')
      records.push(entry)
      ids.push(id)
    }
    for (const record of records.slice(before)) bytes += record.length
    if (bytes > MAX_PACKED_BYTES) return refuse('too-large')
    if (records.length > MAX_PACKED_THINGS) return refuse('too-many')
  }
  return ok(records)
}

/** Adds the records of a run, and their ids; false when it is none. `out` is room for it. */
function unpackRun(
  entry: Uint8Array,
  out: Uint8Array,
  { records, ids }: { records: Uint8Array[]; ids: Uint8Array[] },
): boolean {
  let [length, start, at] = [0, 0, 1]
  while (at < entry.length) {
    const token = readVarint(entry, at)
    if (token === undefined) return false
    at = token.next
    const [kind, value] = [token.value % 4, Math.floor(token.value / 4)]
    if (kind === 3) {
      const record = out.slice(start, length)
      const id = value === 0 ? idOf(record) : undefined
      if (id === undefined || records.length > MAX_PACKED_THINGS) return false
      records.push(record)
      ids.push(id)
      start = length
      continue
    }
    const id = kind === 2 ? ids[value] : undefined
    const size = kind === 2 ? (id?.length ?? 0) : value
    if (size === 0 || size > out.length - length) return false
    if (kind === 0) {
      if (size > entry.length - at) return false
      out.set(entry.subarray(at, at + size), length)
      at += size
    } else if (id === undefined) {
      const back = readVarint(entry, at)
      if (back === undefined || back.value === 0 || back.value > length) return false
      at = back.next
      // One by one: what is repeated may reach into what is being written.
      for (let i = 0; i < size; i += 1) out[length + i] = out[length + i - back.value] ?? 0
    } else {
      out.set(id, length)
    }
    length += size
  }
  return start === length && length > 0
}

function idOf(record: Uint8Array): Uint8Array | undefined {
  const decoded = decodeSignedRecord(record)
  return decoded.ok ? fromHex(thingIdOf(decoded.value.body)) : undefined
}

function nameOf(id: Uint8Array): string {
  return id.join()
}
