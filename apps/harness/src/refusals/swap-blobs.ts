import assert from 'node:assert/strict'
import { join } from 'node:path'
import Database from 'better-sqlite3-multiple-ciphers'

/** Gives every blob of a relay that does not run to the id of the next one. */
export function swapBlobs(data: string): void {
  const db = new Database(join(data, 'relay.db'))
  try {
    const blobs = db.prepare('SELECT id, body FROM blobs').all() as { id: Uint8Array; body: Uint8Array }[]
    assert.ok(blobs.length > 1, 'there is another blob')
    const update = db.prepare('UPDATE blobs SET body = ? WHERE id = ?')
    for (const [at, { id }] of blobs.entries()) update.run(blobs[(at + 1) % blobs.length]?.body, id)
  } finally {
    db.close()
  }
}
