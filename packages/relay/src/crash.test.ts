import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { MailboxId } from '@sotto/interface'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { connect, newEntry, newMailbox, type MailboxClient } from './testing/mailbox-client.ts'
import { spawnRelay, type SpawnedRelay } from './testing/spawn-relay.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let directory: string
let relay: SpawnedRelay
let client: MailboxClient

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'relay-crash-'))
  relay = await spawnRelay(directory)
  client = await connect(relay.address)
})

afterEach(async () => {
  await client.stop()
  await relay.kill()
  rmSync(directory, { recursive: true })
})

/** Kills the relay, starts it again on the same folder and port, and connects to the same address. */
async function crash(): Promise<void> {
  const { address } = relay
  await relay.kill()
  await client.stop()
  relay = await spawnRelay(directory, Number(address.split('/')[4]))
  expect(relay.address).toBe(address)
  client = await connect(address)
}

describe('a relay that is killed', () => {
  it('has every entry that it had acknowledged, and acknowledges a retry with the same number', async () => {
    const { params, readKey, writeKey } = await newMailbox()
    const created = await client.session.create(params, readKey)
    const mailbox = created.ok ? created.value : ('' as MailboxId)
    const entries = Array.from({ length: 300 }, () => newEntry())
    const acknowledged = new Map<number, Uint8Array>()
    let killed: Promise<void> | undefined
    await Promise.all(
      entries.map(async (entry) => {
        const put = await client.session.put(mailbox, writeKey, entry)
        if (!put.ok) return
        acknowledged.set(put.value.seq, entry.tag)
        // In the middle of the stream of acknowledgements.
        if (acknowledged.size === 100) killed = relay.kill()
      }),
    )
    await killed
    await crash()
    const listed = await client.session.list(mailbox, readKey, 0)
    const more = await client.session.list(mailbox, readKey, listed.ok ? (listed.value.entries.at(-1)?.seq ?? 0) : 0)
    const stored = new Map(
      [listed, more].flatMap((each) => (each.ok ? each.value.entries.map(({ seq, tag }) => [seq, tag] as const) : [])),
    )
    expect(acknowledged.size).toBeGreaterThanOrEqual(100)
    expect(acknowledged.size).toBeLessThan(300)
    for (const [seq, tag] of acknowledged) expect(stored.get(seq)).toEqual(tag)

    const again = await Promise.all(entries.map((entry) => client.session.put(mailbox, writeKey, entry)))
    const seqs = again.map((put) => (put.ok ? put.value.seq : 0))
    expect(new Set(seqs).size).toBe(300)
    for (const [seq, tag] of acknowledged) expect(entries[seqs.indexOf(seq)]?.tag).toEqual(tag)
  })

  it('keeps its address and its mailboxes, and serves on', async () => {
    const { params, readKey, writeKey } = await newMailbox()
    const created = await client.session.create(params, readKey)
    const mailbox = created.ok ? created.value : ('' as MailboxId)
    await crash()
    expect(await client.session.list(mailbox, readKey, 0)).toMatchObject({ ok: true, value: { entries: [] } })
    expect(await client.session.put(mailbox, writeKey, newEntry())).toMatchObject({ ok: true })
  })
})
