import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { generateKeyPair } from '@libp2p/crypto/keys'
import { identify, identifyPush } from '@libp2p/identify'
import type { PrivateKey } from '@libp2p/interface'
import { joined, repeated } from '@sotto/net/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startAttacker, stolenKey, type Attacker, type Below } from '../test/attacker.ts'
import { connect, newEntry, newMailbox, type MailboxClient } from './testing/mailbox-client.ts'
import { spawnRelay, type SpawnedRelay } from './testing/spawn-relay.ts'

// What was found in other nodes of this kind, tried on ours: docs/advisories.md says which is which.

const MIB = 1024 ** 2
const MAX_GROWN_BYTES = 64 * MIB

let directory: string
let relay: SpawnedRelay
let honest: MailboxClient
const attackers: Attacker[] = []
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'relay-advisories-'))
  relay = await spawnRelay(directory)
  honest = await connect(relay.address)
})
afterAll(async () => {
  await honest.stop()
  for (const { node } of attackers) await node.stop()
  await relay.kill()
  rmSync(directory, { recursive: true })
})

async function attacker(about?: Parameters<typeof startAttacker>[0]): Promise<Attacker> {
  const one = await startAttacker(about)
  attackers.push(one)
  return one
}

async function figure(name: string): Promise<number> {
  const text = await (await fetch(`${relay.health}/metrics`)).text()
  return Number(new RegExp(`^sotto_relay_${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0)
}

/** A person's message, there and back. */
async function expectServed(): Promise<void> {
  const { params, readKey, writeKey } = await newMailbox()
  const created = await honest.session.create(params, readKey)
  if (!created.ok) throw new Error(created.reason)
  const entry = newEntry()
  const put = await honest.session.put(created.value, writeKey, entry)
  if (!put.ok) throw new Error(put.reason)
  const got = await honest.session.get(created.value, readKey, [put.value.seq])
  expect(got).toEqual({ ok: true, value: [{ seq: put.value.seq, body: entry.body }] })
}

/** Not by asking again and again: this process would take from the relay what it needs for its answer. */
async function ended(below: Below): Promise<void> {
  if (below.status !== 'open') return
  await new Promise((resolve) => below.addEventListener('close', resolve, { once: true }))
}

/** A frame of yamux: no check of anything. */
function frame(type: number, flags: number, stream: number, length: number, data = new Uint8Array(0)): Uint8Array {
  const header = new DataView(new ArrayBuffer(12))
  header.setUint8(1, type)
  header.setUint16(2, flags)
  header.setUint32(4, stream)
  header.setUint32(8, length)
  return joined(new Uint8Array(header.buffer), data)
}
const [DATA, WINDOW, PING, AWAY] = [0, 1, 2, 3]
const [SYN, FIN, RST] = [1, 4, 8]

describe('the multiplexer', () => {
  test.each<[string, () => Uint8Array]>([
    [
      'windows that overflow',
      () => repeated(joined(frame(WINDOW, SYN, 1, 0xffff_ffff), frame(WINDOW, 0, 1, 0xffff_ffff)), 1_000),
    ],
    [
      'a first frame of data that is larger than the window',
      () => frame(DATA, SYN, 1, 2 * MIB, new Uint8Array(2 * MIB)),
    ],
    ['a frame of 4 GiB', () => frame(DATA, SYN, 1, 0xffff_ffff, new Uint8Array(MIB))],
    ['a frame of no kind', () => frame(9, 0, 1, 0)],
    ['another version', () => joined(Uint8Array.of(7), frame(DATA, 0, 1, 0).subarray(1))],
    [
      'streams with numbers of our side, or none',
      () => joined(frame(DATA, SYN, 2, 0), frame(DATA, SYN, 0, 0), frame(DATA, 0, 0, 5, new Uint8Array(5))),
    ],
    ['the same stream twice', () => repeated(frame(WINDOW, SYN, 1, 0), 1_000)],
    ['data for streams that there are not', () => repeated(frame(DATA, 0, 77, 5, new Uint8Array(5)), 10_000)],
    [
      'streams that begin and end at once',
      () =>
        joined(
          ...Array.from({ length: 20_000 }, (_, at) => frame(DATA, SYN | (at % 2 === 0 ? FIN : RST), 2 * at + 1, 0)),
        ),
    ],
    [
      'more streams than anybody needs',
      () => joined(...Array.from({ length: 50_000 }, (_, at) => frame(WINDOW, SYN, 2 * at + 1, 0))),
    ],
    ['a flood of pings', () => repeated(frame(PING, SYN, 0, 1), 50_000)],
    ['going away, and going on', () => joined(frame(AWAY, 0, 0, 0), repeated(frame(DATA, SYN, 1, 0), 100))],
  ])('bears %s', async (_what, bytes) => {
    const before = await figure('resident_bytes')
    const { below, connection } = await (await attacker()).connect(relay.address)
    const all = bytes()
    for (let at = 0; at < all.length && below.status === 'open'; at += 65_536) {
      below.send(all.subarray(at, at + 65_536))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await expectServed()
    expect((await figure('resident_bytes')) - before).toBeLessThan(MAX_GROWN_BYTES)
    connection.abort(new Error('done'))
  })

  test('refuses streams that are opened faster than anybody needs, and ends the connection if that is no use', async () => {
    const refused = await figure('refused_streams_total')
    const begunAndEnded = (count: number): Uint8Array =>
      joined(...Array.from({ length: count }, (_, at) => frame(DATA, SYN | RST, 2 * at + 1, 0)))
    const modest = (await (await attacker()).connect(relay.address)).below
    modest.send(begunAndEnded(300))
    await expectServed()
    // Asked at once: a connection without use ends by itself, and what follows takes long on a slow machine.
    expect(modest.status).toBe('open')
    const { below } = await (await attacker()).connect(relay.address)
    // So many that they are too fast on a slow machine, too, which gives them more seconds.
    below.send(begunAndEnded(5_000))
    await ended(below)
    await expectServed()
    expect((await figure('refused_streams_total')) - refused).toBeGreaterThan(4 * 64)
  })
})

/** Whoever dials believes for a moment to be in: the other side learns of his key with his last word. */
async function expectKeptOut(privateKey: PrivateKey): Promise<void> {
  const one = await attacker({ privateKey })
  const connected = await one.connect(relay.address).catch(() => undefined)
  if (connected !== undefined) await ended(connected.below)
  await expectServed()
}

describe('the handshake', () => {
  test('lets nobody in who has not signed with the key that he names', async () => {
    await expectKeptOut(await stolenKey())
  })

  test('lets nobody in with another kind of key than Ed25519', async () => {
    await expectKeptOut(await generateKeyPair('secp256k1'))
    await expectKeptOut(await generateKeyPair('RSA', 2_048))
  })
})

test('what peers say of themselves is not asked for, and not taken when it is pushed', async () => {
  const before = await figure('resident_bytes')
  const one = await attacker({ services: { identify: identify(), push: identifyPush() } })
  const { connection } = await one.connect(relay.address)
  await expect(connection.newStream('/ipfs/id/push/1.0.0')).rejects.toThrow()
  await expectServed()
  expect((await figure('resident_bytes')) - before).toBeLessThan(MAX_GROWN_BYTES)
})

test('five hundred peers that come and go leave nothing behind', async () => {
  const visit = async (): Promise<void> => {
    const one = await startAttacker()
    await one.connect(relay.address)
    await one.node.stop()
  }
  const visits = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += 10) await Promise.all(Array.from({ length: 10 }, visit))
  }
  await visits(100)
  const before = await figure('resident_bytes')
  await visits(500)
  while ((await figure('connections')) > attackers.length + 1) await new Promise((resolve) => setImmediate(resolve))
  expect((await figure('resident_bytes')) - before).toBeLessThan(MAX_GROWN_BYTES)
  await expectServed()
})

test('no native code for WebRTC is loaded into a relay', () => {
  if (process.platform !== 'linux') return
  const loaded = readFileSync(`/proc/${relay.pid}/maps`, 'utf8')
  const native = [...loaded.matchAll(/\S+\.node$/gm)].map(([path]) => path)
  expect(native.filter((path) => !path.includes('better-sqlite3'))).toEqual([])
  expect(native).not.toEqual([])
})
