import type {
  AccountId,
  ConversationId,
  DeviceId,
  EpochId,
  EventId,
  GenerationId,
  InnerId,
  InvitationId,
  RequestId,
  ThingId,
  TreeNodeId,
} from './ids.ts'

/** A cell: what both SQLite and the in-memory double hold without conversion. */
export type Cell = string | number | Uint8Array | null

/**
 * The rows of one device's store. A row is flat; its key columns are listed in {@link KEYS}. Ids are lower-case hex.
 * Only the holder of the store's lock reads or writes it.
 */
export interface Rows {
  /** Single values: keys, name, settings, counters. */
  meta: { key: string; value: Uint8Array }
  /** People this device knows. `chain` is the encoded device chain last seen. Times in ms since 1970. */
  contacts: {
    account: AccountId
    name: string
    chain: Uint8Array
    verified: number
    blocked: number
    addedAt: number
  }
  /** `state` is core's encoded conversation state; what a `phase` means and what leads to it is in `packages/client/src/conversation/phase.ts`. */
  conversations: {
    conversation: ConversationId
    kind: string
    phase: 'founding' | 'requested' | 'active' | 'away' | 'out' | 'left' | 'ended'
    peer: AccountId
    title: string
    tip: EpochId
    state: Uint8Array
    relays: string
    createdAt: number
    readLamport: number
  }
  /** MLS states, addressed by epochId (G1). `state` is secret. `opens` is 1 when the epoch opened a generation. */
  epochs: {
    conversation: ConversationId
    epochId: EpochId
    parent: string
    state: Uint8Array
    commit: Uint8Array
    opens: number
    createdAt: number
  }
  /** Subtrees of ratchet trees, by their hash: epochs of a conversation share most of them. Public keys and device chains only. */
  treeNodes: { conversation: ConversationId; node: TreeNodeId; bytes: Uint8Array }
  generations: {
    conversation: ConversationId
    generation: GenerationId
    secret: Uint8Array
    epochId: EpochId
    openedAt: number
    closedAt: number
    /** JSON list of the devices in the epoch that opened it; empty in stores of version 1, where the tip's serve. */
    devices: string
  }
  /** `position` is 1 when shown in order, 0 while held back. `text` is what search and views read. */
  events: {
    conversation: ConversationId
    device: DeviceId
    seq: number
    eventId: EventId
    account: AccountId
    lamport: number
    kind: string
    header: Uint8Array
    salt: Uint8Array
    body: Uint8Array
    text: string
    sentAt: number
    receivedAt: number
    via: string
    shown: number
    proof: Uint8Array
  }
  /** Sealed items that wait for a relay or a device. `inner` is what leaves, byte for byte. `deposits`: JSON list of relay ids. */
  outbox: {
    conversation: ConversationId
    innerId: InnerId
    kind: string
    inner: Uint8Array
    generation: string
    firstSeq: number
    lastSeq: number
    createdAt: number
    deposits: string
  }
  /** Inner items taken over from a path and not yet applied. */
  inbox: {
    conversation: ConversationId
    innerId: InnerId
    inner: Uint8Array
    generation: string
    via: string
    receivedAt: number
    parkedFor: string
  }
  /** Inner ids already applied, so that a second copy is recognised before any key is used. */
  seen: { conversation: ConversationId; innerId: InnerId; at: number }
  /** How far this device has read a mailbox at a relay. */
  cursors: { relay: string; mailbox: string; seq: number }
  /** The newest receipt vector of each device. */
  receipts: { conversation: ConversationId; device: DeviceId; counter: number; bytes: Uint8Array }
  /** `secret` is the link secret, `knockSeed` the seed of the knock mailbox's read key, `link` the whole link. */
  invitations: {
    invitation: InvitationId
    secret: Uint8Array
    knockSeed: Uint8Array
    link: string
    relays: string
    uses: number
    used: number
    createdAt: number
    expiresAt: number
    revokedAt: number
  }
  keyPackages: {
    ref: string
    invitation: InvitationId
    publicBytes: Uint8Array
    privateBytes: Uint8Array
    expiresAt: number
  }
  /** Control things of a group, signed; what one still lacks of its past is found when it is read. */
  control: {
    conversation: ConversationId
    thing: ThingId
    device: DeviceId
    cseq: number
    body: Uint8Array
    signature: Uint8Array
    attachment: Uint8Array
    receivedAt: number
  }
  /**
   * Invitations into groups. `direction` is out (we asked `account`; gone once it is answered) or in (`account` asked us; `state` is open,
   * accepted or declined). `pair` is the conversation that they went through, `request` the event that asked.
   */
  groupInvites: {
    conversation: ConversationId
    account: AccountId
    direction: string
    pair: ConversationId
    request: RequestId
    title: string
    at: number
    state: string
  }
  /** Welcomes that wait to be passed on to an account. `bundle` is secret. */
  welcomes: { conversation: ConversationId; account: AccountId; bundle: Uint8Array; at: number }
  /** Events that ask this device to do something, and for which it is not done yet. */
  errands: { conversation: ConversationId; device: DeviceId; seq: number; kind: string }
  requests: {
    request: RequestId
    invitation: InvitationId
    conversation: ConversationId
    account: AccountId
    name: string
    text: string
    knock: Uint8Array
    receivedAt: number
    state: string
  }
}

export type Table = keyof Rows

/** The key columns of each table, in order: what {@link Store.get} takes and {@link Store.list} orders by. */
export const KEYS: { readonly [T in Table]: readonly (keyof Rows[T] & string)[] } = {
  meta: ['key'],
  contacts: ['account'],
  conversations: ['conversation'],
  epochs: ['conversation', 'epochId'],
  treeNodes: ['conversation', 'node'],
  generations: ['conversation', 'generation'],
  events: ['conversation', 'device', 'seq'],
  outbox: ['conversation', 'innerId'],
  inbox: ['conversation', 'innerId'],
  seen: ['conversation', 'innerId'],
  cursors: ['relay', 'mailbox'],
  receipts: ['conversation', 'device'],
  invitations: ['invitation'],
  keyPackages: ['ref'],
  requests: ['request'],
  control: ['conversation', 'thing'],
  groupInvites: ['conversation', 'account', 'direction'],
  welcomes: ['conversation', 'account'],
  errands: ['conversation', 'device', 'seq'],
}

/** Which table each further order belongs to. */
interface IndexTables {
  'events.order': 'events'
  'events.id': 'events'
  'keyPackages.invitation': 'keyPackages'
}

export type Index = keyof IndexTables
export type IndexedRow<I extends Index> = Rows[IndexTables[I]]

/** Further orders in which rows can be listed; `events.order` is a conversation's display order. Ties are broken by the key. */
export const INDEXES: {
  readonly [I in Index]: { readonly table: IndexTables[I]; readonly columns: readonly (keyof IndexedRow<I> & string)[] }
} = {
  'events.order': { table: 'events', columns: ['conversation', 'shown', 'lamport', 'eventId'] },
  'events.id': { table: 'events', columns: ['eventId'] },
  'keyPackages.invitation': { table: 'keyPackages', columns: ['invitation', 'ref'] },
}

/** One write. `put` replaces the whole row of that key. */
export type Change = {
  [T in Table]: { put: T; row: Rows[T] } | { delete: T; key: readonly (string | number)[] }
}[Table]

/** A range of rows that share the first columns of an order. */
export interface Range {
  /** Values of the first columns; may be empty. */
  prefix: readonly (string | number)[]
  /** Only rows after (or, in reverse, before) these values of the columns that follow the prefix. */
  after?: readonly (string | number)[]
  reverse?: boolean
  /** At most 10,000. @default 10_000 */
  limit?: number
}

/**
 * One device's durable memory. Encrypted at rest, one writer, and every {@link Store.commit} is one transaction that
 * is on the disk (fsync) before it resolves: all of its changes are there after a crash, or none.
 * Throws `StoreError` (codes `disk-full`, `store-locked`, `store-corrupt`, `wrong-key`, `store-closed`, `unsupported`,
 * `store-failed`), and a TypeError for a row, key or range of wrong types: ids that are no lower-case hex, numbers that
 * are no safe integers.
 */
export interface Store {
  get<T extends Table>(table: T, key: readonly (string | number)[]): Promise<Rows[T] | undefined>
  /** Rows in the order of the table's key. */
  list<T extends Table>(table: T, range?: Range): Promise<Rows[T][]>
  /** Rows in the order of an index. */
  listBy<I extends Index>(index: I, range: Range): Promise<IndexedRow<I>[]>
  /**
   * Full-text search in shown events' texts, in the order of their first arrival on this device, newest first. The query
   * is words, taken literally; prefixes match.
   */
  search(query: string, options?: { conversation?: ConversationId; limit?: number }): Promise<Rows['events'][]>
  commit(changes: readonly Change[]): Promise<void>
  close(): Promise<void>
}
