import {
  ok,
  refuse,
  type Clock,
  type Logger,
  type MailboxEntry,
  type MailboxId,
  type MailboxParams,
} from '@sotto/interface'
import type { MailboxService, NewBlob, NewEntry, ServiceResult } from '@sotto/net/mailbox'

import { codeOf } from '../errors.ts'
import { BlobTable } from './blob-table.ts'
import { openDatabase, type Db } from './database.ts'
import { EntryTable } from './entry-table.ts'
import { GroupCommit } from './group-commit.ts'
import {
  BLOB_OVERHEAD_BYTES,
  BLOB_SHARE,
  ENTRY_OVERHEAD_BYTES,
  MAILBOX_OVERHEAD_BYTES,
  MAX_AHEAD_SECONDS,
} from './limits.ts'
import { MailboxTable } from './mailbox-table.ts'
import { SourceBudgets } from './source-budgets.ts'
import { Sweep } from './sweep.ts'
import { TotalsTable, type Totals } from './totals.ts'

export interface StorageInit {
  readonly directory: string
  /** What all mailboxes and blobs together may take. */
  readonly maxBytes: number
  /** What one source (a network address) may add in a day. */
  readonly maxBytesPerSource: number
  readonly clock: Clock
  readonly logger: Logger
  /** A bound on the database file in pages of 4 KiB, as a full disk would be one. */
  readonly maxPages?: number
}

const HOUR_MS = 3_600_000
const COMPLAIN_MS = 60_000

/** The mailboxes and blobs of one relay on its disk. Holds the data folder until `close`. */
export class Storage implements MailboxService {
  readonly #init: StorageInit
  readonly #db: Db
  readonly #commits: GroupCommit
  readonly #totals: TotalsTable
  readonly #mailboxes: MailboxTable
  readonly #entries: EntryTable
  readonly #blobs: BlobTable
  readonly #sweep: Sweep
  readonly #sources: SourceBudgets
  #cancelSweep: () => void = () => undefined
  #closed = false
  #quietUntil = -Infinity

  /** Throws {@link RelayError} when the folder cannot be used or another relay holds it. */
  constructor(init: StorageInit) {
    this.#init = init
    this.#db = openDatabase(init.directory, init.maxPages)
    this.#commits = new GroupCommit(this.#db, () => this.#mailboxes.forgetCached())
    this.#totals = new TotalsTable(this.#db)
    this.#mailboxes = new MailboxTable(this.#db, this.#totals)
    this.#entries = new EntryTable(this.#db, this.#mailboxes, this.#totals)
    this.#blobs = new BlobTable(this.#db, this.#totals)
    this.#sweep = new Sweep(this.#db, this.#totals)
    this.#sources = new SourceBudgets(init.maxBytesPerSource, init.clock)
  }

  totals(): Totals {
    return this.#totals.read()
  }

  find(id: MailboxId): MailboxParams | undefined {
    return this.#mailboxes.find(id)?.params
  }

  async create(
    id: MailboxId,
    params: MailboxParams,
    encoded: Uint8Array,
    source: string,
  ): Promise<ServiceResult<undefined>> {
    if (params.lane === 'knock') {
      const ahead = params.expiresAt - this.#now()
      if (ahead <= 0) return refuse('expired')
      if (ahead > MAX_AHEAD_SECONDS) return refuse('bad-request')
    }
    return this.#durably(() => {
      if (this.#mailboxes.find(id) !== undefined) return ok(undefined)
      const cost = encoded.length + MAILBOX_OVERHEAD_BYTES
      if (cost > this.#room(source)) return refuse('quota')
      this.#sources.charge(source, cost)
      this.#mailboxes.insert(id, params, encoded, this.#hour())
      return ok(undefined)
    })
  }

  async put(id: MailboxId, entry: NewEntry, source: string): Promise<ServiceResult<{ seq: number; fresh: boolean }>> {
    return this.#durably(() => {
      const mailbox = this.#mailboxes.find(id)
      if (mailbox === undefined) return refuse('unknown')
      const at = { hour: this.#hour(), now: this.#now(), room: this.#room(source) }
      const stored = this.#entries.put(mailbox, entry, at)
      if (stored.ok && stored.value.fresh) this.#sources.charge(source, entry.body.length + ENTRY_OVERHEAD_BYTES)
      return stored
    })
  }

  list(id: MailboxId, after: number, limit: number): { entries: readonly MailboxEntry[]; last: number } {
    const mailbox = this.#mailboxes.find(id)
    if (mailbox === undefined) return { entries: [], last: 0 }
    const entries = this.#entries.list(mailbox, after, limit, this.#hour())
    return { entries, last: this.#mailboxes.fill(mailbox).next_seq - 1 }
  }

  get(id: MailboxId, seqs: readonly number[]): readonly { seq: number; body: Uint8Array }[] {
    const mailbox = this.#mailboxes.find(id)
    if (mailbox === undefined) return []
    return seqs.flatMap((seq) => {
      const body = this.#entries.body(mailbox, seq, this.#hour())
      return body === undefined ? [] : [{ seq, body }]
    })
  }

  async putBlob(blob: NewBlob, source: string): Promise<ServiceResult<undefined>> {
    const ahead = blob.expiresAt - this.#now()
    if (ahead <= 0) return refuse('expired')
    if (ahead > MAX_AHEAD_SECONDS) return refuse('bad-request')
    return this.#durably(() => {
      const share = this.#init.maxBytes * BLOB_SHARE - this.#totals.read().blob_bytes
      const stored = this.#blobs.put(blob, Math.min(share, this.#room(source)))
      if (stored.ok) this.#sources.charge(source, blob.bytes.length + BLOB_OVERHEAD_BYTES)
      return stored
    })
  }

  getBlob(id: Uint8Array): Uint8Array | undefined {
    return this.#blobs.get(id, this.#hour())
  }

  async deleteBlob(id: Uint8Array, owner: Uint8Array): Promise<ServiceResult<undefined>> {
    return this.#durably(() => this.#blobs.delete(id, owner))
  }

  /** Deletes what is over, now and then every hour. */
  async sweep(): Promise<void> {
    try {
      await this.#sweepAll()
    } catch (error) {
      this.#init.logger.warn('could not sweep', { reason: codeOf(error) || 'unknown' })
    }
    if (!this.#closed) this.#cancelSweep = this.#init.clock.after(HOUR_MS, () => void this.sweep())
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#cancelSweep()
    this.#commits.flush()
    this.#db.close()
  }

  async #durably<T>(run: () => ServiceResult<T>): Promise<ServiceResult<T>> {
    if (this.#closed) return refuse('busy')
    try {
      return await this.#commits.do(run)
    } catch (error) {
      const code = codeOf(error)
      this.#complain(code === '' ? 'unknown' : code)
      return refuse(code === 'SQLITE_FULL' ? 'quota' : 'busy')
    }
  }

  /** Once a minute: who keeps asking a full relay must not fill its log as well. */
  #complain(reason: string): void {
    const now = this.#init.clock.monotonic()
    if (now < this.#quietUntil) return
    this.#quietUntil = now + COMPLAIN_MS
    this.#init.logger.warn('could not store', { reason })
  }

  async #sweepAll(): Promise<void> {
    let deleted = 0
    let step = { deleted: 0, mailboxes: 0, more: true }
    while (step.more && !this.#closed) {
      step = await this.#commits.do(() => this.#sweep.step(this.#hour()))
      deleted += step.deleted
      if (step.mailboxes > 0) this.#mailboxes.forgetCached()
    }
    if (deleted === 0 || this.#closed) return
    this.#db.pragma('wal_checkpoint(TRUNCATE)')
    this.#init.logger.info('swept what was over', { rows: deleted })
  }

  /** What this source may add now. */
  #room(source: string): number {
    return Math.min(this.#init.maxBytes - this.#totals.read().bytes, this.#sources.left(source))
  }

  #now(): number {
    return Math.floor(this.#init.clock.now() / 1_000)
  }

  #hour(): number {
    return Math.floor(this.#init.clock.now() / HOUR_MS)
  }
}
