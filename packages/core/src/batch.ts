import { MAX_SEAL_BYTES, MAX_SEAL_EVENTS } from '@sotto/wire'

// What a seal needs besides its events, and an event besides its three parts (tags and lengths), with room to spare.
const SEAL_BYTES = 128
const EVENT_BYTES = 64

/** The waiting events, from the first on, that fit into one seal. At least one if there is any. */
export function batchOf<Row extends { readonly header: Uint8Array; readonly body: Uint8Array }>(
  rows: readonly Row[],
): readonly Row[] {
  let bytes = SEAL_BYTES
  let count = 0
  for (const { header, body } of rows.slice(0, MAX_SEAL_EVENTS)) {
    bytes += header.length + body.length + EVENT_BYTES
    if (bytes > MAX_SEAL_BYTES) break
    count += 1
  }
  return rows.slice(0, Math.max(1, count))
}
