import type { PeerId } from '@libp2p/interface'
import type { Address, MailboxId, MailboxKey, RelayId } from '@sotto/interface'
import { openFrames, openMailboxSession, type MailboxSession } from '@sotto/net/mailbox'
import {
  announceExtremes,
  attack,
  cpuMs,
  faultsIn,
  framed,
  HandConnection,
  HandStream,
  hostileMessages,
  MAX_CPU_MS,
  somePeer,
  turns,
  unframed,
  withExtremes,
} from '@sotto/net/testing'
import {
  decodeOperation,
  decodeRequest,
  decodeServerFrame,
  fromHex,
  MAILBOX_PROTOCOL,
  MAX_REQUEST_BYTES,
  MAX_SERVER_FRAME_BYTES,
  parametersOf,
  Status,
} from '@sotto/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { lineOf, ServedRelay } from '../test/served.ts'
import { nodeClock, nodeCrypto } from './platform.ts'
import { newEntry, newKey, newMailbox } from './testing/mailbox-client.ts'
import { signedRequest } from './testing/raw-session.ts'

const SEED = 20_261_128
const MESSAGES = 10_000
type Op = Parameters<typeof signedRequest>[3]

let relay: ServedRelay
let address: Address
let attacker: PeerId
let friend: MailboxSession
let own: { mailbox: MailboxId; readKey: MailboxKey; writeKey: MailboxKey }

/** A client of the relay that keeps to the protocol, over a stream without a socket. */
async function friendOf(served: ServedRelay): Promise<MailboxSession> {
  const here = new HandStream(MAILBOX_PROTOCOL)
  const there = served.open(MAILBOX_PROTOCOL, new HandConnection({ peer: await somePeer() }))
  here.join(there)
  const opened = await openMailboxSession({
    frames: openFrames(here, { maxFrame: MAX_SERVER_FRAME_BYTES }),
    relayId: served.node.peerId.toString() as RelayId,
    crypto: nodeCrypto,
    clock: nodeClock,
    onMail: () => undefined,
    onSignal: () => undefined,
    onEnd: () => undefined,
  })
  if (!opened.ok) throw new Error(opened.reason)
  return opened.value
}

async function madeBy(session: MailboxSession): Promise<typeof own> {
  const { params, readKey, writeKey } = await newMailbox()
  const created = await session.create(params, readKey)
  if (!created.ok) throw new Error(created.reason)
  return { mailbox: created.value, readKey, writeKey }
}

beforeAll(async () => {
  relay = await ServedRelay.start()
  address = `/p2p/${relay.node.peerId.toString()}` as Address
  attacker = await somePeer()
  friend = await friendOf(relay)
  own = await madeBy(friend)
})
afterAll(() => relay.stop())

/** A text that is put, listed, fetched, and comes back as it went; a blob too. */
async function honest(): Promise<void> {
  const entry = newEntry()
  const put = await friend.put(own.mailbox, own.writeKey, entry)
  if (!put.ok) throw new Error(`PUT was refused: ${put.reason}`)
  const listed = await friend.list(own.mailbox, own.readKey, put.value.seq - 1)
  if (!listed.ok || listed.value.last !== put.value.seq) throw new Error('Another listing.')
  const got = await friend.get(own.mailbox, own.readKey, [put.value.seq])
  if (!got.ok || !Buffer.from(entry.body).equals(got.value[0]?.body ?? new Uint8Array(0)))
    throw new Error('Another body.')
  const blob = { id: entry.body.slice(0, 32), ownerKey: own.readKey, bytes: entry.body, expiresAt: soon() }
  const stored = await friend.putBlob(blob)
  const fetched = await friend.getBlob(blob.id)
  if (!stored.ok || !fetched.ok || !Buffer.from(blob.bytes).equals(fetched.value)) throw new Error('Another blob.')
  await friend.deleteBlob(blob.id, own.readKey)
}

const soon = (): number => Math.floor(Date.now() / 1_000) + 3_600
const session = { challenge: new Uint8Array(32) }
const signed = (id: number, op: Op, keys: readonly MailboxKey[]): Promise<Uint8Array> =>
  signedRequest(session, address, id, op, keys)

/** Good requests of every kind of an attacker with a mailbox of his own, and of one who asks for another's. */
async function goodRequests(): Promise<Uint8Array[]> {
  const his = await madeBy(friend)
  const mailbox = fromHex(his.mailbox)
  const theirs = fromHex(own.mailbox)
  const { params } = await newMailbox()
  const entry = newEntry()
  const ops: readonly [Op, readonly MailboxKey[]][] = [
    [{ case: 'create', value: { parameters: parametersOf(params) } }, [his.readKey]],
    [{ case: 'put', value: { mailbox, ...entry } }, [his.writeKey]],
    [{ case: 'put', value: { mailbox: theirs, ...newEntry() } }, [his.writeKey]],
    [{ case: 'put', value: { mailbox, ...newEntry(16_384), knock: new Uint8Array(16), nonce: 9 } }, [his.writeKey]],
    [{ case: 'list', value: { mailbox, after: 3 } }, [his.readKey]],
    [{ case: 'list', value: { mailbox: theirs, after: 0 } }, [his.readKey]],
    [{ case: 'get', value: { mailbox, seqs: [1, 2, 3] } }, [his.readKey]],
    [{ case: 'subscribe', value: { mailboxes: [mailbox, theirs] } }, [his.readKey, his.readKey]],
    [{ case: 'subscribe', value: { mailboxes: [mailbox] } }, [his.readKey]],
    [{ case: 'unsubscribe', value: { mailboxes: [mailbox, theirs] } }, []],
    [{ case: 'signal', value: { mailbox, record: newEntry().body } }, [his.writeKey]],
    [{ case: 'putBlob', value: { id: mailbox, blob: newEntry().body, expiresAt: soon() } }, [his.readKey]],
    [{ case: 'getBlob', value: { id: mailbox } }, []],
    [{ case: 'deleteBlob', value: { id: theirs } }, [his.readKey]],
  ]
  return Promise.all(ops.map(([op, keys], index) => signed(1 + (index % 5), op, keys)))
}

/** What is no request, or not a later one than the last, ends its stream. */
function judge(): (frame: Uint8Array) => boolean {
  let last = 0
  return (frame) => {
    const request = decodeRequest(frame)
    if (!request.ok || !decodeOperation(request.value.op).ok || request.value.id <= last) return true
    last = request.value.id
    return false
  }
}

function open(): ReturnType<typeof lineOf> {
  const connection = new HandConnection({ peer: attacker })
  return lineOf(relay.open(MAILBOX_PROTOCOL, connection), connection, framed)
}

test(`mailboxes and blobs: ${MESSAGES} random, mutated and misplaced requests (seed ${SEED})`, async () => {
  const findings = await attack({ open, judge, honest }, hostileMessages(SEED, MESSAGES, await goodRequests()))
  expect(faultsIn(findings)).toEqual([])
  expect(findings.refused).toBeGreaterThan(MESSAGES / 2)
  expect(relay.counted.get('mailbox_refused_frames')).toBeGreaterThanOrEqual(findings.refused)
  expect(relay.counted.get('mailbox_failures')).toBeUndefined()
  // A session that has ended is subscribed to nothing.
  expect(relay.node.services.mailbox.sessions).toBe(1)
  expect(relay.node.services.mailbox.subscriptions).toBe(0)
})

test('every length and number of a request at its extremes', async () => {
  const frames = (await goodRequests()).flatMap((request) => withExtremes(request, MAX_REQUEST_BYTES))
  const findings = await attack({ open, judge, honest }, frames)
  expect(faultsIn(findings)).toEqual([])
  expect(findings.refused).toBeGreaterThan(frames.length / 2)
  const { over, uncaught } = await announceExtremes(open, MAX_REQUEST_BYTES)
  expect(uncaught).toEqual([])
  expect(over).toEqual([0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n])
})

describe('the dearest requests that are refused with an answer', () => {
  /** Least processor time of three from the request to its answer, and the status of that. */
  async function costOf(request: Uint8Array): Promise<[number, Status]> {
    let least = Infinity
    let status = Status.OK
    for (let time = 0; time < 3; time++) {
      const stream = relay.open(MAILBOX_PROTOCOL, new HandConnection({ peer: attacker }))
      await turns(2)
      const before = stream.answers.length
      const spent = await cpuMs(async () => {
        stream.deliver(framed(request))
        while (stream.answers.length === before && !stream.isOver) await turns(1)
      })
      least = Math.min(least, spent)
      const [answer] = unframed(stream.answers.slice(before))
      const decoded = answer === undefined ? undefined : decodeServerFrame(answer)
      if (decoded?.ok !== true || decoded.value.frame.case !== 'response') throw new Error('No answer.')
      status = decoded.value.frame.value.status
      stream.end()
    }
    return [least, status]
  }

  const many = (count: number): Uint8Array[] =>
    Array.from({ length: count }, (_, index) => new Uint8Array(32).fill(1 + (index % 250), 0, 2 + (index % 30)))

  test.each([
    [
      '256 signatures, all wrong',
      async () => {
        const keys = await Promise.all(Array.from({ length: 256 }, newKey))
        const op: Op = { case: 'subscribe', value: { mailboxes: many(256) } }
        const wrong = keys.map((key, index) => ({ ...key, seed: keys[(index + 1) % 256]?.seed ?? key.seed }))
        return signed(1, op, wrong)
      },
      Status.UNKNOWN,
    ],
    [
      '256 mailboxes that there are not',
      async () => {
        const keys = await Promise.all(Array.from({ length: 256 }, newKey))
        return signed(1, { case: 'subscribe', value: { mailboxes: many(256) } }, keys)
      },
      Status.UNKNOWN,
    ],
    [
      'a mailbox of 512 write keys, signed with another key',
      async () => {
        const { params } = await newMailbox({ lane: 'control' }, 512)
        return signed(1, { case: 'create', value: { parameters: parametersOf(params) } }, [await newKey()])
      },
      Status.UNKNOWN,
    ],
    [
      'a blob of 128 KiB whose time is over',
      async () => {
        const value = { id: new Uint8Array(32), blob: new Uint8Array(131_072), expiresAt: 1 }
        return signed(1, { case: 'putBlob', value }, [await newKey()])
      },
      Status.EXPIRED,
    ],
    [
      "64 entries of somebody else's mailbox",
      async () => {
        const seqs = Array.from({ length: 64 }, (_, index) => index + 1)
        return signed(1, { case: 'get', value: { mailbox: fromHex(own.mailbox), seqs } }, [await newKey()])
      },
      Status.UNKNOWN,
    ],
  ])(`%s: less than ${MAX_CPU_MS} ms`, async (_what, request, status) => {
    const [spent, answered] = await costOf(await request())
    expect(answered).toBe(status)
    expect(spent).toBeLessThan(MAX_CPU_MS)
  })
})
