import { ok, refuse, type MailboxEntry } from '@sotto/interface'
import type { NewEntry, ServiceResult } from '@sotto/net/mailbox'
import type { WireRefusal } from '@sotto/wire'
import { equals } from 'uint8arrays/equals'

import type { Db, Statement } from './database.ts'
import {
  CONTENT_BYTES,
  CONTENT_ENTRIES,
  CONTENT_HOURS,
  CONTROL_ENTRIES,
  CONTROL_HOURS,
  ENTRY_OVERHEAD_BYTES,
  KNOCK_FRAGMENTS,
} from './limits.ts'
import type { Fill, Mailbox, MailboxTable } from './mailbox-table.ts'
import type { TotalsTable } from './totals.ts'

type Count = { readonly count: number }

export class EntryTable {
  readonly #mailboxes: MailboxTable
  readonly #totals: TotalsTable
  readonly #byTag: Statement<{ seq: number }>
  readonly #insert: Statement
  readonly #ofWriter: Statement<Count>
  readonly #ofKnock: Statement<Count>
  readonly #knocks: Statement<Count>
  readonly #list: Statement<{ seq: number; tag: Uint8Array; bytes: number }>
  readonly #body: Statement<{ body: Uint8Array }>

  constructor(db: Db, mailboxes: MailboxTable, totals: TotalsTable) {
    this.#mailboxes = mailboxes
    this.#totals = totals
    this.#byTag = db.prepare('SELECT seq FROM entries WHERE mailbox = ? AND writer = ? AND tag = ?')
    this.#insert = db.prepare(
      'INSERT INTO entries (mailbox, seq, writer, tag, knock, expires, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    this.#ofWriter = db.prepare('SELECT count(*) AS count FROM entries WHERE mailbox = ? AND writer = ?')
    this.#ofKnock = db.prepare(`SELECT count(*) AS count FROM entries WHERE mailbox = ? AND knock = ? AND knock != x''`)
    this.#knocks = db.prepare(`SELECT count(DISTINCT knock) AS count FROM entries WHERE mailbox = ? AND knock != x''`)
    this.#list = db.prepare(
      `SELECT seq, tag, length(body) AS bytes FROM entries WHERE mailbox = ? AND seq > ? AND expires > ?
       ORDER BY seq LIMIT ?`,
    )
    this.#body = db.prepare('SELECT body FROM entries WHERE mailbox = ? AND seq = ? AND expires > ?')
  }

  /** Runs in a transaction. `hour` and `now` (seconds) are the same instant. */
  put(
    mailbox: Mailbox,
    { writer: key, tag, body, knock }: NewEntry,
    { hour, now, room }: { hour: number; now: number; room: number },
  ): ServiceResult<{ seq: number; fresh: boolean }> {
    const writer = mailbox.params.writeKeys.findIndex((writeKey) => equals(writeKey, key))
    const known = this.#byTag.get(mailbox.number, writer, tag)
    if (known !== undefined) return ok({ seq: known.seq, fresh: false })
    const { lane, expiresAt } = mailbox.params
    if (lane === 'knock' && expiresAt <= now) return refuse('expired')
    const fill = this.#mailboxes.fill(mailbox)
    const full = this.#fullness(mailbox, fill, writer, knock, body.length)
    if (full !== undefined) return refuse(full)
    const cost = body.length + ENTRY_OVERHEAD_BYTES
    if (cost > room) return refuse('quota')
    const expires = lane === 'knock' ? Math.ceil(expiresAt / 3_600) : hour + hoursOf(lane)
    this.#insert.run(mailbox.number, fill.next_seq, writer, tag, knock, expires, body)
    this.#mailboxes.grow(mailbox, body.length, hour)
    this.#totals.add({ entries: 1, bytes: cost })
    return ok({ seq: fill.next_seq, fresh: true })
  }

  list(mailbox: Mailbox, after: number, limit: number, hour: number): readonly MailboxEntry[] {
    const rows = this.#list.all(mailbox.number, after, hour, limit)
    return rows.map(({ seq, tag, bytes }) => ({ seq, tag: new Uint8Array(tag), bytes }))
  }

  body(mailbox: Mailbox, seq: number, hour: number): Uint8Array | undefined {
    const row = this.#body.get(mailbox.number, seq, hour)
    return row === undefined ? undefined : new Uint8Array(row.body)
  }

  #fullness(
    { number, params }: Mailbox,
    { entries, bytes }: Fill,
    writer: number,
    knock: Uint8Array,
    more: number,
  ): WireRefusal | undefined {
    if (params.lane === 'content') {
      return entries >= CONTENT_ENTRIES || bytes + more > CONTENT_BYTES ? 'full' : undefined
    }
    if (params.lane === 'control') {
      const share = Math.floor(CONTROL_ENTRIES / params.writeKeys.length)
      return count(this.#ofWriter.get(number, writer)) >= share ? 'full' : undefined
    }
    const fragments = count(this.#ofKnock.get(number, knock))
    if (fragments > 0) return fragments >= KNOCK_FRAGMENTS ? 'full' : undefined
    return count(this.#knocks.get(number)) >= params.capacity ? 'full' : undefined
  }
}

function hoursOf(lane: 'content' | 'control'): number {
  return lane === 'content' ? CONTENT_HOURS : CONTROL_HOURS
}

function count(row: Count | undefined): number {
  return row?.count ?? 0
}
