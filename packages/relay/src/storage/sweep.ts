import type { Db, Statement } from './database.ts'
import { BLOB_OVERHEAD_BYTES, ENTRY_OVERHEAD_BYTES, MAILBOX_OVERHEAD_BYTES } from './limits.ts'
import type { TotalsTable } from './totals.ts'

/** Rows deleted in one transaction, so that a sweep holds nobody up for long. */
const ROWS_AT_ONCE = 256

interface Old {
  readonly row: number
  readonly mailbox: number
  readonly bytes: number
}

/** Deletes what is older than its time. */
export class Sweep {
  readonly #totals: TotalsTable
  readonly #oldEntries: Statement<Old>
  readonly #oldBlobs: Statement<Old>
  readonly #oldMailboxes: Statement<Old>
  readonly #deleteEntry: Statement
  readonly #shrink: Statement
  readonly #deleteBlob: Statement
  readonly #deleteMailbox: Statement

  constructor(db: Db, totals: TotalsTable) {
    this.#totals = totals
    this.#oldEntries = db.prepare(
      'SELECT rowid AS row, mailbox, length(body) AS bytes FROM entries WHERE expires <= ? LIMIT ?',
    )
    this.#oldBlobs = db.prepare(
      'SELECT rowid AS row, 0 AS mailbox, length(body) AS bytes FROM blobs WHERE expires <= ? LIMIT ?',
    )
    this.#oldMailboxes = db.prepare(
      `SELECT number AS row, number AS mailbox, length(parameters) AS bytes FROM mailboxes
       WHERE entries = 0 AND expires <= ? LIMIT ?`,
    )
    this.#deleteEntry = db.prepare('DELETE FROM entries WHERE rowid = ?')
    this.#shrink = db.prepare('UPDATE mailboxes SET entries = entries - 1, bytes = bytes - ? WHERE number = ?')
    this.#deleteBlob = db.prepare('DELETE FROM blobs WHERE rowid = ?')
    this.#deleteMailbox = db.prepare('DELETE FROM mailboxes WHERE number = ?')
  }

  /** Runs in a transaction. `more` when another step would find something. */
  step(hour: number): { deleted: number; mailboxes: number; more: boolean } {
    const entries = this.#oldEntries.all(hour, ROWS_AT_ONCE)
    for (const { row, mailbox, bytes } of entries) {
      this.#deleteEntry.run(row)
      this.#shrink.run(bytes, mailbox)
      this.#totals.add({ entries: -1, bytes: -(bytes + ENTRY_OVERHEAD_BYTES) })
    }
    const blobs = this.#oldBlobs.all(hour, ROWS_AT_ONCE)
    for (const { row, bytes } of blobs) {
      this.#deleteBlob.run(row)
      const less = bytes + BLOB_OVERHEAD_BYTES
      this.#totals.add({ blobs: -1, bytes: -less, blob_bytes: -less })
    }
    const mailboxes = this.#oldMailboxes.all(hour, ROWS_AT_ONCE)
    for (const { row, bytes } of mailboxes) {
      this.#deleteMailbox.run(row)
      this.#totals.add({ mailboxes: -1, bytes: -(bytes + MAILBOX_OVERHEAD_BYTES) })
    }
    const most = Math.max(entries.length, blobs.length, mailboxes.length)
    return {
      deleted: entries.length + blobs.length + mailboxes.length,
      mailboxes: mailboxes.length,
      more: most === ROWS_AT_ONCE,
    }
  }
}
