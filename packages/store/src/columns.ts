import { KEYS } from '@sotto/interface'
import type { Hex, Rows, Table } from '@sotto/interface'

/**
 * How a column is kept. `id`: lower-case hex outside, half as many bytes inside. `secret`: bytes that are sealed once
 * more under the secrets key, so that destroying that key destroys them wherever the disk still remembers the page.
 */
export type ColumnType = 'id' | 'text' | 'integer' | 'blob' | 'secret'

type TypeOf<V> = V extends number
  ? 'integer'
  : V extends Uint8Array
    ? 'blob' | 'secret'
    : V extends Hex<string>
      ? 'id'
      : 'text'

type Columns = { readonly [T in Table]: { readonly [C in keyof Rows[T]]: TypeOf<Rows[T][C]> } }

/** The one description of every table. The schema, the statements and the checks of both platforms come from it. */
export const COLUMNS: Columns = {
  meta: { key: 'text', value: 'blob' },
  contacts: { account: 'id', name: 'text', chain: 'blob', verified: 'integer', blocked: 'integer', addedAt: 'integer' },
  conversations: {
    conversation: 'id',
    kind: 'text',
    phase: 'text',
    peer: 'id',
    title: 'text',
    tip: 'id',
    state: 'blob',
    relays: 'text',
    createdAt: 'integer',
    readLamport: 'integer',
  },
  epochs: {
    conversation: 'id',
    epochId: 'id',
    parent: 'text',
    state: 'secret',
    commit: 'blob',
    opens: 'integer',
    createdAt: 'integer',
  },
  treeNodes: { conversation: 'id', node: 'id', bytes: 'blob' },
  generations: {
    conversation: 'id',
    generation: 'id',
    secret: 'secret',
    epochId: 'id',
    openedAt: 'integer',
    closedAt: 'integer',
    devices: 'text',
  },
  events: {
    conversation: 'id',
    device: 'id',
    seq: 'integer',
    eventId: 'id',
    account: 'id',
    lamport: 'integer',
    kind: 'text',
    header: 'blob',
    salt: 'blob',
    body: 'blob',
    text: 'text',
    sentAt: 'integer',
    receivedAt: 'integer',
    via: 'text',
    shown: 'integer',
    proof: 'blob',
  },
  outbox: {
    conversation: 'id',
    innerId: 'id',
    kind: 'text',
    inner: 'blob',
    generation: 'text',
    firstSeq: 'integer',
    lastSeq: 'integer',
    createdAt: 'integer',
    deposits: 'text',
  },
  inbox: {
    conversation: 'id',
    innerId: 'id',
    inner: 'blob',
    generation: 'text',
    via: 'text',
    receivedAt: 'integer',
    parkedFor: 'text',
  },
  seen: { conversation: 'id', innerId: 'id', at: 'integer' },
  cursors: { relay: 'text', mailbox: 'text', seq: 'integer' },
  receipts: { conversation: 'id', device: 'id', counter: 'integer', bytes: 'blob' },
  invitations: {
    invitation: 'id',
    secret: 'secret',
    knockSeed: 'secret',
    link: 'text',
    relays: 'text',
    uses: 'integer',
    used: 'integer',
    createdAt: 'integer',
    expiresAt: 'integer',
    revokedAt: 'integer',
  },
  keyPackages: {
    ref: 'text',
    invitation: 'id',
    publicBytes: 'blob',
    privateBytes: 'secret',
    expiresAt: 'integer',
  },
  requests: {
    request: 'id',
    invitation: 'id',
    conversation: 'id',
    account: 'id',
    name: 'text',
    text: 'text',
    knock: 'blob',
    receivedAt: 'integer',
    state: 'text',
  },
  control: {
    conversation: 'id',
    thing: 'id',
    device: 'id',
    cseq: 'integer',
    body: 'blob',
    signature: 'blob',
    attachment: 'blob',
    receivedAt: 'integer',
  },
  groupInvites: {
    conversation: 'id',
    account: 'id',
    direction: 'text',
    pair: 'id',
    request: 'id',
    title: 'text',
    at: 'integer',
    state: 'text',
  },
  welcomes: { conversation: 'id', account: 'id', bundle: 'secret', at: 'integer' },
  errands: { conversation: 'id', device: 'id', seq: 'integer', kind: 'text' },
}

export interface Column {
  readonly name: string
  readonly type: ColumnType
}

export const TABLES: readonly Table[] = Object.keys(COLUMNS) as Table[]

const LISTED: ReadonlyMap<string, readonly Column[]> = new Map(
  TABLES.map((table) => [table, Object.entries(COLUMNS[table]).map(([name, type]) => ({ name, type }))]),
)

/** All columns of a table, in the order in which they are stored. Throws a TypeError for what is no table. */
export function columnsOf(table: Table): readonly Column[] {
  const columns = LISTED.get(table)
  if (columns === undefined) throw new TypeError(`no table ${String(table)}`)
  return columns
}

/** Columns by name, in the order of `names`. */
export function pickColumns(table: Table, names: readonly string[]): readonly Column[] {
  const columns = columnsOf(table)
  return names.map((name) => {
    const column = columns.find((each) => each.name === name)
    if (column === undefined) throw new TypeError(`no column ${table}.${name}`)
    return column
  })
}

/** The key columns of a table. */
export function keyColumns(table: Table): readonly Column[] {
  return pickColumns(table, KEYS[table])
}
