import fc, { type Arbitrary } from 'fast-check'

import {
  Status,
  MailboxLane,
  type Application,
  type DeviceCertificateBody,
  type EventHeader,
  type EventsFrame,
  type Init,
  type Inner,
  type InvitationBody,
  type MailboxParameters,
  type Operation,
  type Receipt,
  type Seal,
  type ServerFrame,
} from '../src/index.ts'

// Records that each encoder must take, over the whole range that the rules allow; sizes stay small so that runs are quick.

export function bytes(length: number, maxLength: number = length): Arbitrary<Uint8Array<ArrayBuffer>> {
  return fc.uint8Array({ minLength: length, maxLength })
}

export const id = bytes(32)
export const signature = bytes(64)
export const u32 = fc.nat(0xffff_ffff)
export const positive = fc.integer({ min: 1, max: 0xffff_ffff })
export const address = bytes(1, 80)
const idOrNone = fc.oneof(id, fc.constant(new Uint8Array()))
const envelope = fc
  .constantFrom(2_048, 16_384)
  .chain((size) => fc.nat(255).map((fill) => new Uint8Array(size).fill(fill)))
const distinctIds = (min: number, max: number) =>
  fc.uniqueArray(id, { minLength: min, maxLength: max, selector: (item) => item.join() })

/** A chain position: the hash is there exactly when the number is not zero. */
const headOf = <Hash extends string, Number extends string>(number: Number, hash: Hash) =>
  fc.oneof(
    fc.record({ [number]: fc.constant(0), [hash]: fc.constant(new Uint8Array()) }),
    fc.record({ [number]: positive, [hash]: id }),
  ) as Arbitrary<Record<Number, number> & Record<Hash, Uint8Array<ArrayBuffer>>>

export const head = headOf('seq', 'eventId')
export const control = fc.option(headOf('cseq', 'hash'), { nil: undefined })

export const name = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  .filter((text) => !/[\p{Cc}\u2028\u2029\p{Surrogate}]/u.test(text))
export const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).filter((value) => value.isWellFormed())
export const kind = fc.stringMatching(/^[a-z][a-z0-9.-]{0,31}$/)

const headerBase = fc.record({
  conversation: id,
  epochId: id,
  device: id,
  deps: fc.array(fc.record({ device: id, seq: positive, eventId: id }), { maxLength: 8 }),
  lamport: positive,
  kind,
  bodyHash: id,
  sentAt: fc.bigInt(0n, 8_640_000_000_000_000n),
})

export const eventHeader: Arbitrary<Init<EventHeader>> = fc
  .tuple(headerBase, headOf('seq', 'prev'), control)
  .map(([base, { seq, prev }, chain]) => ({
    ...base,
    seq: seq === 0 ? 1 : Math.max(seq, 2),
    prev,
    ...(chain && { control: chain }),
  }))

export const sealedEvent = fc.record({ header: bytes(1, 120), salt: id, body: bytes(0, 120) })
export const seal: Arbitrary<Init<Seal>> = fc.record({
  events: fc.array(sealedEvent, { minLength: 1, maxLength: 4 }),
  signature,
})
export const sealStatement = fc.record({
  conversation: id,
  epochId: id,
  device: id,
  count: fc.integer({ min: 1, max: 256 }),
  root: id,
})

export const textBody = fc.record({ text, replyTo: idOrNone, mentions: distinctIds(0, 4) })
export const profileBody = fc.record({ name })
export const relaysBody = fc.record({
  relays: fc.uniqueArray(address, { minLength: 1, maxLength: 3, selector: (item) => item.join() }),
})

export const signedRecord = fc.record({ body: bytes(1, 200), device: id, signature })
const application: Arbitrary<Init<Application>> = fc.record({ epochId: id, mls: bytes(1, 200) })
const record = signedRecord

export const inner: Arbitrary<Init<Inner>> = fc.oneof(
  oneof('item', 'application', application),
  oneof('item', 'commit', fc.record({ parentEpochId: id, mls: bytes(1, 200) })),
  oneof('item', 'receipt', record),
  oneof('item', 'head', record),
  oneof('item', 'offer', record),
  oneof('item', 'fetch', record),
  oneof('item', 'control', fc.record({ record, attachment: bytes(0, 200) })),
  oneof(
    'item',
    'back',
    fc
      .record({ device: id, bundleHash: id, part: u32, parts: fc.integer({ min: 1, max: 5 }), bytes: bytes(1, 200) })
      .map((back) => ({ ...back, part: back.part % back.parts })),
  ),
  oneof('item', 'served', fc.record({ device: id, enc: bytes(1_120), sealed: bytes(17, 200) })),
  oneof(
    'item',
    'knock',
    fc.record({
      welcome: bytes(1, 200),
      items: fc.array(bytes(1, 90), { minLength: 1, maxLength: 8 }),
      relays: fc.array(address, { maxLength: 3 }),
    }),
  ),
)

export const servedEvents = fc.record({
  events: fc.array(fc.record({ header: bytes(1, 120), salt: id, body: bytes(0, 120), proof: bytes(1, 389) }), {
    minLength: 1,
    maxLength: 4,
  }),
})

const begins = fc.option(fc.integer({ min: 0, max: 2_147_483_648 }), { nil: undefined })
const progress = fc
  .record({ device: id, delivered: u32, read: u32, control: u32, begins })
  .map((item) => withoutUndefined({ ...item, read: Math.min(item.read, item.delivered) }))
export const receipt: Arbitrary<Init<Receipt>> = fc
  .record({
    conversation: id,
    epochId: id,
    counter: positive,
    progress: fc.uniqueArray(progress, { maxLength: 5, selector: ({ device }) => device.join() }),
    own: head,
    control,
    lacking: fc.uniqueArray(id, { maxLength: 3, selector: (one) => one.join() }),
  })
  .map(withoutUndefined)
export const headRecord = fc
  .record({ conversation: id, boot: u32, own: head, seals: u32, control })
  .map(withoutUndefined)
export const pathOffer = fc.record({
  conversation: id,
  peerId: bytes(1, 64),
  addresses: fc.array(address, { maxLength: 8 }),
  expiresAt: positive,
  answer: fc.boolean(),
})
export const fetchRecord = fc
  .record({
    conversation: id,
    author: id,
    fromSeq: fc.integer({ min: 1, max: 1e9 }),
    more: fc.nat(255),
    counter: positive,
    key: fc.oneof(bytes(0), bytes(1_216)),
  })
  .map(({ more, ...rest }) => ({ ...rest, toSeq: rest.fromSeq + more }))

export const certificateBody: Arbitrary<Init<DeviceCertificateBody>> = fc.record({
  account: id,
  device: id,
  parent: idOrNone,
  createdAt: u32,
})
export const certificate = fc.record({ body: bytes(1, 120), signature })
export const chain = fc.record({ certificates: fc.array(bytes(1, 150), { minLength: 1, maxLength: 8 }) })
export const link = fc.record({
  version: fc.constant(1),
  relays: fc.array(address, { minLength: 1, maxLength: 3 }),
  accountHash: id,
  secret: bytes(16),
})
export const blob = fc.record({ body: bytes(1, 300), signature })
export const invitationBody: Arbitrary<Init<InvitationBody>> = fc
  .record({
    name,
    chain: bytes(1, 200),
    keyPackages: fc.array(bytes(1, 100), { minLength: 1, maxLength: 20 }),
    knockReadKey: id,
    expiresAt: positive,
    powBits: fc.nat(24),
    invitation: id,
  })
  .map((body) => ({ ...body, uses: body.keyPackages.length }))

const claim = fc.record({ tag: bytes(16), sealed: bytes(40, 200) })
export const helloInit = fc.record({ claims: fc.array(claim, { minLength: 1, maxLength: 16 }) })
export const helloReply = claim
export const helloProof = fc.record({ device: id, nonce: id, signature })
export const eventsFrame: Arbitrary<Init<EventsFrame>> = fc.oneof(
  oneof('frame', 'data', fc.record({ number: positive, envelope: bytes(1, 300) })),
  oneof('frame', 'ack', fc.record({ number: positive })),
  oneof('frame', 'credit', fc.record({ bytes: fc.integer({ min: 1, max: 1_048_576 }) })),
  oneof('frame', 'refused', fc.record({ number: positive })),
)

const auth = fc.record({ key: id, signature })
export const request = fc.record({ id: positive, op: bytes(1, 200), auths: fc.array(auth, { maxLength: 5 }) })
const mailboxes = fc.array(id, { minLength: 1, maxLength: 6 })
export const operation: Arbitrary<Init<Operation>> = fc.oneof(
  oneof('op', 'create', fc.record({ parameters: bytes(1, 120) })),
  oneof(
    'op',
    'put',
    fc.record({
      mailbox: id,
      tag: bytes(16),
      body: envelope,
      knock: fc.oneof(bytes(16), bytes(0)),
      nonce: u32,
    }),
  ),
  oneof('op', 'list', fc.record({ mailbox: id, after: u32 })),
  oneof('op', 'get', fc.record({ mailbox: id, seqs: fc.array(positive, { minLength: 1, maxLength: 64 }) })),
  oneof('op', 'subscribe', fc.record({ mailboxes })),
  oneof('op', 'unsubscribe', fc.record({ mailboxes })),
  oneof('op', 'signal', fc.record({ mailbox: id, record: fc.constant(new Uint8Array(2_048).fill(7)) })),
  oneof('op', 'putBlob', fc.record({ id, blob: bytes(1, 300), expiresAt: positive })),
  oneof('op', 'getBlob', fc.record({ id })),
  oneof('op', 'deleteBlob', fc.record({ id })),
)

export const mailboxParameters: Arbitrary<Init<MailboxParameters>> = fc.oneof(
  fc.record({
    lane: fc.constantFrom(MailboxLane.CONTENT, MailboxLane.CONTROL),
    readKey: id,
    writeKeys: distinctIds(1, 5),
  }),
  fc.record({
    lane: fc.constant(MailboxLane.KNOCK),
    readKey: id,
    writeKeys: distinctIds(1, 2),
    capacity: fc.integer({ min: 1, max: 20 }),
    expiresAt: positive,
    powBits: fc.nat(24),
  }),
)

const seqs = fc.uniqueArray(positive, { maxLength: 6 }).map((numbers) => numbers.toSorted((a, b) => a - b))
const listing = fc.tuple(seqs, bytes(16), u32).map(([numbers, tag, last]) => ({
  entries: numbers.map((seq) => ({ seq, tag, size: seq % 2 === 0 ? 2_048 : 16_384 })),
  last,
}))
const answer = fc.oneof(
  oneof('body', 'stored', fc.record({ seq: positive })),
  oneof('body', 'listing', listing),
  oneof(
    'body',
    'bodies',
    fc.record({ bodies: fc.array(fc.record({ seq: positive, body: envelope }), { maxLength: 2 }) }),
  ),
  oneof('body', 'blob', fc.record({ blob: bytes(1, 300) })),
)
const response = fc.oneof(
  fc.tuple(positive, answer).map(([number, body]) => ({ id: number, status: Status.OK, ...body })),
  fc.record({ id: positive, status: fc.integer({ min: Status.OK, max: Status.BUSY }) }),
)
export const serverFrame = fc.oneof(
  oneof('frame', 'hello', fc.record({ challenge: id, maxFrame: positive })),
  oneof('frame', 'response', response),
  oneof('frame', 'mail', fc.record({ mailbox: id, last: positive })),
  oneof('frame', 'signalled', fc.record({ mailbox: id, record: fc.constant(new Uint8Array(2_048).fill(9)) })),
) as Arbitrary<Init<ServerFrame>>

function oneof<Field extends string, Case extends string, T>(field: Field, name_: Case, value: Arbitrary<T>) {
  return value.map((item) => ({ [field]: { case: name_, value: item } })) as unknown as Arbitrary<
    Record<Field, { case: Case; value: T }>
  >
}

function withoutUndefined<T extends object>(record_: T): T {
  return Object.fromEntries(Object.entries(record_).filter(([, value]) => value !== undefined)) as T
}
