import type { Db, Statement } from './database.ts'

/** What the relay holds in all; bytes include what rows cost beside their bodies. */
export interface Totals {
  readonly bytes: number
  readonly mailboxes: number
  readonly entries: number
  readonly blobs: number
  readonly blob_bytes: number
}

/** The sums over all tables, kept in the same transactions as what they sum. */
export class TotalsTable {
  readonly #read: Statement<Totals>
  readonly #add: Statement

  constructor(db: Db) {
    this.#read = db.prepare('SELECT bytes, mailboxes, entries, blobs, blob_bytes FROM totals')
    this.#add = db.prepare(
      `UPDATE totals SET bytes = bytes + ?, mailboxes = mailboxes + ?, entries = entries + ?, blobs = blobs + ?,
       blob_bytes = blob_bytes + ?`,
    )
  }

  read(): Totals {
    return this.#read.get() ?? { bytes: 0, mailboxes: 0, entries: 0, blobs: 0, blob_bytes: 0 }
  }

  add({ bytes = 0, mailboxes = 0, entries = 0, blobs = 0, blob_bytes = 0 }: Partial<Totals>): void {
    this.#add.run(bytes, mailboxes, entries, blobs, blob_bytes)
  }
}
