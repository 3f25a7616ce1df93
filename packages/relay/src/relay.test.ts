import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { MailboxId, MailboxParams, RelayResult } from '@sotto/interface'
import type { MailboxSession } from '@sotto/net/mailbox'
import { mailboxId, parametersOf } from '@sotto/wire'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { lineLogger } from './logger.ts'
import { nodeRandom } from './platform.ts'
import { createRelay, type RelayInit, type RelayNode } from './relay.ts'
import { connect, newEntry, newKey, newMailbox, type MailboxClient } from './testing/mailbox-client.ts'

const logger = lineLogger(() => undefined)
let directory: string
let relay: RelayNode
const clients: MailboxClient[] = []

async function client(): Promise<MailboxClient> {
  const connected = await connect(relay.addresses[0]!)
  clients.push(connected)
  return connected
}

async function start(init: Partial<RelayInit> = {}): Promise<RelayNode> {
  relay = await createRelay({ directory, port: 0, logger, ...init })
  return relay
}

function valueOf<T>(result: RelayResult<T>): T {
  if (!result.ok) throw new Error(`The relay refused: ${result.reason}`)
  return result.value
}

/** A mailbox that has just been made at the relay, with its keys. */
async function madeBy(session: MailboxSession, params: Partial<MailboxParams> = {}) {
  const made = await newMailbox(params)
  return { ...made, mailbox: valueOf(await session.create(made.params, made.readKey)) }
}

/** A figure of the relay's metrics, summed over its labels. */
async function figure(name: string): Promise<number> {
  const text = await (await fetch(`${relay.health}/metrics`)).text()
  const lines = text.split('\n').filter((line) => new RegExp(`^sotto_relay_${name}[ {]`).test(line))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-'))
})

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.stop()))
  await relay.stop()
  rmSync(directory, { recursive: true })
})

describe('a mailbox at a relay', () => {
  it('takes an entry, lists it and gives it back', async () => {
    await start()
    const { session } = await client()
    const { params, readKey, writeKey } = await newMailbox()
    const created = await session.create(params, readKey)
    if (!created.ok) throw new Error(created.reason)
    const entry = newEntry()
    const put = await session.put(created.value, writeKey, entry)
    if (!put.ok) throw new Error(put.reason)
    expect(await session.put(created.value, writeKey, entry)).toEqual(put)
    const listed = await session.list(created.value, readKey, 0)
    expect(listed).toEqual({
      ok: true,
      value: { entries: [{ seq: put.value.seq, tag: entry.tag, bytes: 2_048 }], last: put.value.seq },
    })
    expect(await session.list(created.value, readKey, put.value.seq)).toMatchObject({ value: { entries: [] } })
    expect(await session.get(created.value, readKey, [put.value.seq])).toEqual({
      ok: true,
      value: [{ seq: put.value.seq, body: entry.body }],
    })
  })

  it('tells who is subscribed, but not the session that wrote', async () => {
    await start()
    const [writer, reader] = await Promise.all([client(), client()])
    const { params, readKey, writeKey } = await newMailbox()
    const created = await writer.session.create(params, readKey)
    if (!created.ok) throw new Error(created.reason)
    const mailbox = created.value
    expect((await reader.session.subscribe([{ mailbox, readKey }])).ok).toBe(true)
    expect((await writer.session.subscribe([{ mailbox, readKey }])).ok).toBe(true)
    const put = await writer.session.put(mailbox, writeKey, newEntry())
    if (!put.ok) throw new Error(put.reason)
    await reader.until(() => reader.mail.length > 0)
    expect(reader.mail).toEqual([{ mailbox, last: put.value.seq }])
    expect(writer.mail).toEqual([])
  })

  it('answers a wrong key, a missing mailbox and a stranger alike', async () => {
    await start()
    const { session } = await client()
    const { params, readKey, writeKey } = await newMailbox()
    const created = await session.create(params, readKey)
    if (!created.ok) throw new Error(created.reason)
    const other = await newKey()
    const unknown = { ok: false, reason: 'unknown' }
    expect(await session.put(created.value, readKey, newEntry())).toEqual(unknown)
    expect(await session.put(created.value, { ...writeKey, seed: other.seed }, newEntry())).toEqual(unknown)
    expect(await session.list(created.value, writeKey, 0)).toEqual(unknown)
    expect(await session.list('ab'.repeat(32) as typeof created.value, readKey, 0)).toEqual(unknown)
    expect(await session.subscribe([{ mailbox: created.value, readKey: other }])).toEqual(unknown)
    expect(await session.create(params, other)).toEqual(unknown)
  })

  it('takes hundreds of requests at once, and numbers entries in the order in which they were sent', async () => {
    await start()
    const { session } = await client()
    const { mailbox, readKey, writeKey } = await madeBy(session)
    const entries = Array.from({ length: 300 }, (_, index) => newEntry(index % 3 === 0 ? 16_384 : 2_048))
    const puts = await Promise.all(entries.map((entry) => session.put(mailbox, writeKey, entry)))
    const seqs = puts.map((put) => valueOf(put).seq)
    expect(seqs).toEqual(Array.from(seqs, (_, index) => (seqs[0] ?? 0) + index))
    const bodies = valueOf(await session.get(mailbox, readKey, seqs))
    expect(bodies.map(({ body }) => body)).toEqual(entries.map(({ body }) => body))
    const all = await Promise.all(Array.from({ length: 8 }, () => session.get(mailbox, readKey, seqs)))
    expect(all.map((got) => valueOf(got).length)).toEqual(Array.from({ length: 8 }, () => 300))
  })

  it('answers what waits with `unreachable` when the relay goes away', async () => {
    await start()
    const connected = await client()
    const { mailbox, writeKey } = await madeBy(connected.session)
    const puts = Array.from({ length: 200 }, () => connected.session.put(mailbox, writeKey, newEntry()))
    await relay.stop()
    for (const put of await Promise.all(puts)) {
      if (!put.ok) expect(put.reason).toBe('unreachable')
    }
    await connected.until(() => connected.ended !== undefined)
    expect(connected.session.open).toBe(false)
    expect(await connected.session.put(mailbox, writeKey, newEntry())).toEqual({ ok: false, reason: 'unreachable' })
  })

  it('rejects with the reason of an abort, and only that request', async () => {
    await start()
    const { session } = await client()
    const { mailbox, writeKey } = await madeBy(session)
    const reason = new Error('changed my mind')
    const controller = new AbortController()
    const aborted = session.put(mailbox, writeKey, newEntry(), { signal: controller.signal })
    const other = session.put(mailbox, writeKey, newEntry())
    controller.abort(reason)
    await expect(aborted).rejects.toBe(reason)
    expect((await other).ok).toBe(true)
  })
})

describe('a subscription', () => {
  it('covers many mailboxes, though the relay may know only some of them, and ends', async () => {
    await start()
    const [writer, reader] = [await client(), await client()]
    const boxes = await Promise.all(Array.from({ length: 300 }, () => madeBy(writer.session)))
    const [first, last] = [boxes[0]!, boxes[299]!]
    const forgotten = Array.from({ length: 3 }, async () => {
      const { params, readKey } = await newMailbox()
      return { mailbox: mailboxId(parametersOf(params)), readKey }
    })
    const some = [...boxes.slice(1, 200), ...(await Promise.all(forgotten)), ...boxes.slice(200)]
    expect(await reader.session.subscribe(some)).toEqual({ ok: false, reason: 'unknown' })
    expect(await figure('subscriptions')).toBe(299)
    expect(valueOf(await reader.session.subscribe([first]))).toBeUndefined()
    await writer.session.put(last.mailbox, last.writeKey, newEntry())
    await reader.until(() => reader.mail.length > 0)
    reader.session.unsubscribe([last.mailbox])
    await reader.session.list(first.mailbox, first.readKey, 0) // After which the relay has done what was asked before.
    await writer.session.put(last.mailbox, last.writeKey, newEntry())
    await writer.session.put(first.mailbox, first.writeKey, newEntry())
    await reader.until(() => reader.mail.length > 1)
    expect(reader.mail.map(({ mailbox }) => mailbox)).toEqual([last.mailbox, first.mailbox])
  })

  it('is limited to 1,024 mailboxes of a session, which ends with it', async () => {
    await start()
    const [writer, reader] = [await client(), await client()]
    const boxes = await Promise.all(Array.from({ length: 1_025 }, () => madeBy(writer.session)))
    expect((await reader.session.subscribe(boxes.slice(0, 1_024))).ok).toBe(true)
    expect(await reader.session.subscribe(boxes.slice(1_024))).toEqual({ ok: false, reason: 'quota' })
    expect(await figure('subscriptions')).toBe(1_024)
    await reader.stop()
    while ((await figure('mailbox_sessions')) > 1) await new Promise(setImmediate)
    expect(await figure('subscriptions')).toBe(0)
  })
})

describe('a signal', () => {
  it('reaches who is subscribed, and who subscribes a moment later; it is nowhere on disk', async () => {
    await start()
    const [sender, now, later] = [await client(), await client(), await client()]
    const { mailbox, readKey, writeKey } = await madeBy(sender.session)
    await now.session.subscribe([{ mailbox, readKey }])
    const record = newEntry().body
    expect((await sender.session.signal(mailbox, writeKey, record)).ok).toBe(true)
    await now.until(() => now.signals.length > 0)
    await later.session.subscribe([{ mailbox, readKey }])
    await later.until(() => later.signals.length > 0)
    expect([now.signals, later.signals]).toEqual([[{ mailbox, record }], [{ mailbox, record }]])
    expect(await sender.session.signal(mailbox, readKey, record)).toEqual({ ok: false, reason: 'unknown' })
    const files = ['relay.db', 'relay.db-wal'].map((name) => readFileSync(join(directory, name)))
    expect(files.some((bytes) => bytes.includes(Buffer.from(record.subarray(0, 32))))).toBe(false)
  })
})

describe('a knock mailbox', () => {
  it('asks for work, takes as many knocks as it was made for, and pushes no signals', async () => {
    await start()
    const { session } = await client()
    const expiresAt = Math.floor(Date.now() / 1_000) + 3_600
    const box = await madeBy(session, { lane: 'knock', capacity: 1, expiresAt, powBits: 12 })
    const knock = newEntry().tag
    const put = (entry: { knock: Uint8Array; powBits?: number }): Promise<unknown> =>
      session.put(box.mailbox, box.writeKey, { ...newEntry(16_384), ...entry })
    expect(await put({ knock })).toEqual({ ok: false, reason: 'proof-of-work' })
    expect(await put({ knock, powBits: 12 })).toMatchObject({ ok: true })
    expect(await put({ knock: newEntry().tag, powBits: 12 })).toEqual({ ok: false, reason: 'full' })
    expect(await put({ knock, powBits: 12 })).toMatchObject({ ok: true })
    expect(await put({ knock: new Uint8Array(0), powBits: 12 })).toEqual({ ok: false, reason: 'bad-request' })
    expect(await session.signal(box.mailbox, box.writeKey, newEntry().body)).toEqual({
      ok: false,
      reason: 'bad-request',
    })
  })

  it('whose work takes long does not hold up anything else', async () => {
    await start()
    const { session } = await client()
    const expiresAt = Math.floor(Date.now() / 1_000) + 3_600
    const box = await madeBy(session, { lane: 'knock', capacity: 1, expiresAt, powBits: 18 })
    let longest = 0
    const began = performance.now()
    let last = began
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 1)
    const done = await session.put(box.mailbox, box.writeKey, { ...newEntry(), knock: newEntry().tag, powBits: 18 })
    clearInterval(watch)
    expect(done).toMatchObject({ ok: true })
    // Done in one piece, the longest pause would be all of it; a busy machine makes both longer.
    expect(longest).toBeLessThan(Math.max(250, (performance.now() - began) / 2))
  })
})

describe('a blob', () => {
  it('comes back as it was given, up to 128 KiB', async () => {
    await start()
    const { session } = await client()
    const ownerKey = await newKey()
    const id = newEntry().body.slice(0, 32)
    const bytes = nodeRandom.bytes(131_072)
    const expiresAt = Math.floor(Date.now() / 1_000) + 3_600
    expect(await session.getBlob(id)).toEqual({ ok: false, reason: 'unknown' })
    expect((await session.putBlob({ id, ownerKey, bytes, expiresAt })).ok).toBe(true)
    expect(await session.getBlob(id)).toEqual({ ok: true, value: bytes })
    expect(await session.deleteBlob(id, await newKey())).toEqual({ ok: false, reason: 'unknown' })
    expect((await session.deleteBlob(id, ownerKey)).ok).toBe(true)
    expect(await session.getBlob(id)).toEqual({ ok: false, reason: 'unknown' })
  })
})

describe('the relay itself', () => {
  it('keeps its address with its folder and port, and holds the folder alone', async () => {
    const first = await start()
    const port = Number(first.addresses[0]?.split('/')[4])
    await expect(createRelay({ directory, port: 0, logger })).rejects.toThrow(
      /Another relay is running on the data folder/,
    )
    const elsewhere = mkdtempSync(join(tmpdir(), 'relay-'))
    await expect(createRelay({ directory: elsewhere, port, logger })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken, so the relay cannot start there. Stop what uses it, or choose another port.`,
    )
    rmSync(elsewhere, { recursive: true })
    await first.stop()
    expect((await start({ port })).addresses).toEqual(first.addresses)
  })

  it('says which port is taken: for TCP and for its health page too', async () => {
    await start()
    const taken = Number(new URL(relay.health).port)
    const elsewhere = mkdtempSync(join(tmpdir(), 'relay-'))
    for (const how of [{ tcpPort: taken }, { healthPort: taken }]) {
      await expect(createRelay({ directory: elsewhere, port: 0, logger, ...how })).rejects.toThrow(
        `Port ${taken} on 127.0.0.1 is taken`,
      )
    }
    rmSync(elsewhere, { recursive: true })
  })

  it('lists its WebSocket address before its TCP address', async () => {
    await start({ tcpPort: 0 })
    expect(relay.addresses).toEqual([
      expect.stringMatching(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/ws\/p2p\/12D3/),
      expect.stringMatching(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3/),
    ])
  })

  it('refuses a damaged key instead of becoming somebody else', async () => {
    await (await start()).stop()
    writeFileSync(join(directory, 'peer.key'), 'not a key')
    await expect(createRelay({ directory, port: 0, logger })).rejects.toThrow(/peer\.key is damaged/)
  })

  it('answers about its health on loopback', async () => {
    await start()
    const get = async (path: string): Promise<[number, string]> => {
      const response = await fetch(relay.health + path)
      return [response.status, await response.text()]
    }
    expect(await get('/healthz')).toEqual([200, 'ok\n'])
    expect(await get('/readyz')).toEqual([200, 'ready\n'])
    expect((await get('/elsewhere'))[0]).toBe(404)
    const { session } = await client()
    await session.list('ab'.repeat(32) as MailboxId, await newKey(), 0)
    expect((await get('/metrics'))[1]).toContain(
      'sotto_relay_mailbox_requests_total{operation="list",status="unknown"} 1',
    )
  })

  it('takes no more connections from one address than it is told', async () => {
    await start({ maxPerAddress: 3 })
    const first = [await client(), await client(), await client()]
    await expect(connect(relay.addresses[0]!)).rejects.toThrow()
    await first[0]?.stop()
    while ((await figure('connections')) > 2) await new Promise(setImmediate)
    expect((await client()).session.open).toBe(true)
    expect(await figure('refused_by_address_total')).toBe(1)
  })
})
