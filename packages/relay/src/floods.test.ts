import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import type { Address, MailboxId, MailboxKey } from '@sotto/interface'
import { createLibp2p } from 'libp2p'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { Elsewhere } from '../test/from-elsewhere.ts'
import { lineLogger } from './logger.ts'
import { nodeRandom } from './platform.ts'
import { createRelay, type RelayInit, type RelayNode } from './relay.ts'
import { connect, newEntry, newKey, newMailbox, type MailboxClient } from './testing/mailbox-client.ts'

const MIB = 1024 ** 2
const PER_ADDRESS = 8

let directory: string
let relay: RelayNode
let here: Address
/** The relay as it is reached from another address than the attacker's. */
let elsewhere: Address
let honest: MailboxClient
let box: { mailbox: MailboxId; readKey: MailboxKey; writeKey: MailboxKey }
const running: { stop(): Promise<void> | void }[] = []

async function start(init: Partial<RelayInit> = {}): Promise<void> {
  relay = await createRelay({
    directory,
    port: 0,
    logger: lineLogger(() => undefined),
    maxPerAddress: PER_ADDRESS,
    ...init,
  })
  here = relay.addresses[0] ?? ('' as Address)
  const { door, address } = await Elsewhere.open(here, '127.0.0.2')
  running.push({ stop: () => door.close() })
  elsewhere = address
  honest = await client(elsewhere)
  box = await made(honest)
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-floods-'))
})
afterEach(async () => {
  for (const one of running.splice(0).toReversed()) await one.stop()
  await relay.stop()
  rmSync(directory, { recursive: true })
})

async function client(address: Address): Promise<MailboxClient> {
  const one = await connect(address)
  running.push(one)
  return one
}

async function made({ session }: MailboxClient): Promise<typeof box> {
  const { params, readKey, writeKey } = await newMailbox()
  const created = await session.create(params, readKey)
  if (!created.ok) throw new Error(created.reason)
  return { mailbox: created.value, readKey, writeKey }
}

/** More than a session may be subscribed to. */
async function manyBoxes(of: MailboxClient): Promise<(typeof box)[]> {
  const boxes: (typeof box)[] = []
  while (boxes.length < 1_100) boxes.push(...(await Promise.all(Array.from({ length: 100 }, () => made(of)))))
  return boxes
}

/** A peer that asks for a reservation; whether it has one. */
async function reserves(address: Address): Promise<boolean> {
  const node: Libp2p = await createLibp2p({
    addresses: { listen: [`${address}/p2p-circuit`] },
    transports: [webSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    connectionMonitor: { enabled: false },
    services: { identify: identify() },
  }).catch(() => undefined as unknown as Libp2p)
  if (node === undefined) return false
  running.push({ stop: () => node.stop() })
  return node.getMultiaddrs().some((known) => known.toString().includes('p2p-circuit'))
}

/** A figure of `/metrics`, all its labels together or those that are named. */
async function figure(name: string, labels = ''): Promise<number> {
  const text = await (await fetch(`${relay.health}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line.startsWith(`sotto_relay_${name}`) && line.includes(labels))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

/** What an honest client does, beside whatever goes on: writes, is told, reads, and gets what was written. */
async function expectServed(): Promise<void> {
  const reader = await client(elsewhere)
  expect(await reader.session.subscribe([box])).toEqual({ ok: true, value: undefined })
  const entry = newEntry()
  const put = await honest.session.put(box.mailbox, box.writeKey, entry)
  if (!put.ok) throw new Error(put.reason)
  await reader.until(() => reader.mail.length > 0)
  const got = await reader.session.get(box.mailbox, box.readKey, [put.value.seq])
  expect(got).toEqual({ ok: true, value: [{ seq: put.value.seq, body: entry.body }] })
  await reader.stop()
}

describe('a client that floods', () => {
  test('connections and reservations gets those of one address, and others get theirs', async () => {
    await start()
    const attempts = await Promise.all(Array.from({ length: 3 * PER_ADDRESS }, () => reserves(here)))
    expect(attempts.filter(Boolean).length).toBeLessThanOrEqual(PER_ADDRESS)
    expect(await figure('reservations')).toBeLessThanOrEqual(PER_ADDRESS)
    expect(await figure('refused_by_address_total', 'what="connection"')).toBeGreaterThan(0)
    expect(await reserves(elsewhere)).toBe(true)
    await expectServed()
  })

  test('(planted: without a cap for an address, all of them get one)', async () => {
    await start({ maxPerAddress: 1_000 })
    const attempts = await Promise.all(Array.from({ length: 3 * PER_ADDRESS }, () => reserves(here)))
    expect(attempts.filter(Boolean).length).toBeGreaterThan(2 * PER_ADDRESS)
  })

  test('mailboxes and blobs fills the budget of its address, and others go on', async () => {
    await start({ maxBytesPerAddress: MIB / 2 })
    const bytes = await figure('stored_bytes')
    const { session } = await client(here)
    const reasons = new Set<string>()
    for (let round = 0; round < 40 && !reasons.has('quota'); round++) {
      const results = await Promise.all(
        Array.from({ length: 100 }, async () => {
          const { params, readKey } = await newMailbox({ lane: 'control' }, 4)
          return session.create(params, readKey)
        }),
      )
      for (const result of results) reasons.add(result.ok ? 'ok' : result.reason)
    }
    const blob = { id: nodeRandom.bytes(32), ownerKey: await newKey(), bytes: nodeRandom.bytes(131_072) }
    const expiresAt = Math.floor(Date.now() / 1_000) + 3_600
    expect(await session.putBlob({ ...blob, expiresAt })).toEqual({ ok: false, reason: 'quota' })
    expect([...reasons].toSorted()).toEqual(['ok', 'quota'])
    expect((await figure('stored_bytes')) - bytes).toBeLessThanOrEqual(MIB / 2)
    expect(await figure('mailbox_requests_total', 'operation="create",status="quota"')).toBeGreaterThan(0)
    await expectServed()
  })

  test('subscriptions has 1,024 on a stream; signals, it takes no place from others, whose signals are kept for who comes', async () => {
    await start()
    const attacker = await client(here)
    const boxes = await manyBoxes(attacker)
    const before = await figure('subscriptions')
    let subscribed = 0
    let signals = 0
    for (const each of boxes) {
      if ((await attacker.session.subscribe([each])).ok) subscribed += 1
      const sent = Array.from({ length: 4 }, () =>
        attacker.session.signal(each.mailbox, each.writeKey, newEntry().body),
      )
      signals += (await Promise.all(sent)).filter(({ ok }) => ok).length
    }
    expect([subscribed, signals]).toEqual([1_024, 4_096])
    expect([await figure('subscriptions'), await figure('kept_signals')]).toEqual([before + 1_024, 4_096])
    const refused = boxes.length - 1_024
    expect(await figure('mailbox_requests_total', 'operation="subscribe",status="quota"')).toBe(refused)
    expect(await figure('mailbox_requests_total', 'operation="signal",status="busy"')).toBe(4 * boxes.length - 4_096)
    const record = newEntry().body
    expect((await honest.session.signal(box.mailbox, box.writeKey, record)).ok).toBe(true)
    const late = await client(elsewhere)
    await late.session.subscribe([box])
    await late.until(() => late.signals.length > 0)
    expect(late.signals).toEqual([{ mailbox: box.mailbox, record }])
    await expectServed()
    await late.stop()
    await attacker.stop()
    while ((await figure('subscriptions')) > before) await new Promise(setImmediate)
  })
})
