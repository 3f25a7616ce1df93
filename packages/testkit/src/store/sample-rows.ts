import type { Hex, Rows, Table } from '@sotto/interface'

/** Hex of a small number, told apart by its first byte: `id(1)` is `01…01` of 32 bytes. */
export function id<Brand extends string>(value: number, bytes: number = 32): Hex<Brand> {
  return value.toString(16).padStart(2, '0').repeat(bytes) as Hex<Brand>
}

export function bytes(length: number, fill: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (fill + at) % 256)
}

export function eventRow(changes: Partial<Rows['events']> = {}): Rows['events'] {
  return {
    conversation: id(1),
    device: id(2),
    seq: 1,
    eventId: id(3),
    account: id(4),
    lamport: 1,
    kind: 'text',
    header: bytes(40, 5),
    salt: bytes(16, 6),
    body: bytes(30, 7),
    text: 'hello there',
    sentAt: 1_790_000_000_000,
    receivedAt: 1_790_000_000_001,
    via: 'direct',
    shown: 1,
    proof: new Uint8Array(),
    ...changes,
  }
}

export function metaRow(key: string, value: Uint8Array = bytes(3, 1)): Rows['meta'] {
  return { key, value }
}

/** A row of every table, every column with a value of its own. */
export const SAMPLES: { readonly [T in Table]: Rows[T] } = {
  meta: metaRow('name'),
  contacts: { account: id(1), name: 'Ada', chain: bytes(50, 2), verified: 1, blocked: 0, addedAt: 3 },
  conversations: {
    conversation: id(1),
    kind: 'pair',
    phase: 'active',
    peer: id(2),
    title: 'Ada',
    tip: id(3),
    state: bytes(500, 4),
    relays: '["/ip4/127.0.0.1"]',
    createdAt: 5,
    readLamport: 6,
  },
  epochs: {
    conversation: id(1),
    epochId: id(2),
    parent: '',
    state: bytes(20_000, 3),
    commit: bytes(900, 4),
    opens: 1,
    createdAt: 5,
  },
  generations: {
    conversation: id(1),
    generation: id(2, 16),
    secret: bytes(32, 3),
    epochId: id(4),
    openedAt: 5,
    closedAt: 0,
    devices: '[]',
  },
  events: eventRow(),
  outbox: {
    conversation: id(1),
    innerId: id(2),
    kind: 'events',
    inner: bytes(70_000, 3),
    generation: id(4, 16),
    firstSeq: 5,
    lastSeq: 6,
    createdAt: 7,
    deposits: '[]',
  },
  inbox: {
    conversation: id(1),
    innerId: id(2),
    inner: bytes(100, 3),
    generation: id(4, 16),
    via: 'mailbox',
    receivedAt: 5,
    parkedFor: '',
  },
  seen: { conversation: id(1), innerId: id(2), at: Number.MAX_SAFE_INTEGER },
  cursors: { relay: '12D3Koo', mailbox: id(1), seq: 2 },
  receipts: { conversation: id(1), device: id(2), counter: 3, bytes: bytes(80, 4) },
  invitations: {
    invitation: id(1, 16),
    secret: bytes(16, 2),
    knockSeed: bytes(32, 3),
    link: 'sotto:abc',
    relays: '[]',
    uses: 1,
    used: 0,
    createdAt: 4,
    expiresAt: 5,
    revokedAt: 0,
  },
  keyPackages: {
    ref: id(1),
    invitation: id(2, 16),
    publicBytes: bytes(1_800, 3),
    privateBytes: bytes(3_000, 4),
    expiresAt: 5,
  },
  requests: {
    request: id(1),
    invitation: id(2, 16),
    conversation: id(3),
    account: id(4),
    name: 'Björn 🙂',
    text: 'a\0b',
    knock: bytes(2_000, 5),
    receivedAt: 6,
    state: 'new',
  },
  control: {
    conversation: id(1),
    thing: id(2),
    device: id(3),
    cseq: 4,
    body: bytes(300, 5),
    signature: bytes(64, 6),
    attachment: bytes(5_000, 7),
    receivedAt: 8,
  },
  treeNodes: { conversation: id(1), node: id(2), bytes: bytes(1_400, 3) },
  groupInvites: {
    conversation: id(1),
    account: id(2),
    direction: 'out',
    pair: id(3),
    request: id(4),
    title: 'Kletterer 🧗',
    at: 5,
    state: 'open',
  },
  welcomes: { conversation: id(1), account: id(2), bundle: bytes(9_000, 3), at: 4 },
  errands: { conversation: id(1), device: id(2), seq: 3, kind: 'group.accept' },
}
