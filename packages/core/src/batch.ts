import { MAX_SEAL_BYTES, MAX_SEAL_EVENTS } from '@sotto/wire'

// What a seal needs besides its events, and an event besides its three parts (tags and lengths), with room to spare.
const SEAL_BYTES = 128
const EVENT_BYTES = 64

/** How many of the waiting events, from the first on, fit into one seal. At least one if there is any. */
export function batchOf(rows: readonly { readonly header: Uint8Array; readonly body: Uint8Array }[]): number {
  let bytes = SEAL_BYTES
  let count = 0
  for (const { header, body } of rows.slice(0, MAX_SEAL_EVENTS)) {
    bytes += header.length + body.length + EVENT_BYTES
    if (bytes > MAX_SEAL_BYTES) break
    count += 1
  }
  return Math.max(count, Math.min(1, rows.length))
}
