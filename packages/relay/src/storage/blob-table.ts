import { ok, refuse } from '@sotto/interface'
import type { NewBlob, ServiceResult } from '@sotto/net/mailbox'
import { equals } from 'uint8arrays/equals'

import type { Db, Statement } from './database.ts'
import { BLOB_OVERHEAD_BYTES } from './limits.ts'
import type { TotalsTable } from './totals.ts'

/** Sealed blobs: of invitations, under an id that only the link's secret gives. */
export class BlobTable {
  readonly #totals: TotalsTable
  readonly #about: Statement<{ owner: Uint8Array; bytes: number }>
  readonly #body: Statement<{ body: Uint8Array }>
  readonly #replace: Statement
  readonly #delete: Statement

  constructor(db: Db, totals: TotalsTable) {
    this.#totals = totals
    this.#about = db.prepare('SELECT owner, length(body) AS bytes FROM blobs WHERE id = ?')
    this.#body = db.prepare('SELECT body FROM blobs WHERE id = ? AND expires > ?')
    this.#replace = db.prepare('INSERT OR REPLACE INTO blobs (id, owner, expires, body) VALUES (?, ?, ?, ?)')
    this.#delete = db.prepare('DELETE FROM blobs WHERE id = ?')
  }

  /** Runs in a transaction. Whoever has put a blob first may put it again; nobody else may. */
  put({ id, owner, bytes, expiresAt }: NewBlob, room: number): ServiceResult<undefined> {
    const former = this.#about.get(id)
    if (former !== undefined && !equals(former.owner, owner)) return refuse('unknown')
    const more = former === undefined ? bytes.length + BLOB_OVERHEAD_BYTES : bytes.length - former.bytes
    if (more > room) return refuse('quota')
    this.#replace.run(id, owner, Math.ceil(expiresAt / 3_600), bytes)
    this.#totals.add({ bytes: more, blob_bytes: more, blobs: former === undefined ? 1 : 0 })
    return ok(undefined)
  }

  get(id: Uint8Array, hour: number): Uint8Array | undefined {
    const row = this.#body.get(id, hour)
    return row === undefined ? undefined : new Uint8Array(row.body)
  }

  /** Runs in a transaction. */
  delete(id: Uint8Array, owner: Uint8Array): ServiceResult<undefined> {
    const blob = this.#about.get(id)
    if (blob === undefined || !equals(blob.owner, owner)) return refuse('unknown')
    this.#delete.run(id)
    const less = blob.bytes + BLOB_OVERHEAD_BYTES
    this.#totals.add({ bytes: -less, blob_bytes: -less, blobs: -1 })
    return ok(undefined)
  }
}
