import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { lineLogger } from './logger.ts'
import { createRelay, type RelayInit, type RelayNode } from './relay.ts'
import { connect, newEntry, newKey, newMailbox, type MailboxClient } from './testing/mailbox-client.ts'

let directory: string
let relay: RelayNode
const clients: MailboxClient[] = []

async function client(): Promise<MailboxClient> {
  const connected = await connect(relay.addresses[0]!)
  clients.push(connected)
  return connected
}

async function start(init: Partial<RelayInit> = {}): Promise<RelayNode> {
  relay = await createRelay({ directory, port: 0, logger: lineLogger(() => undefined), ...init })
  return relay
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
})
