import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { MailboxId, MailboxParams } from '@sotto/interface'
import { mailboxId, parametersOf } from '@sotto/wire'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { lineLogger } from '../logger.ts'
import { nodeRandom } from '../platform.ts'
import { HandClock } from '../testing/hand-clock.ts'
import { Storage, type StorageInit } from './service.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.UTC(2026, 5, 1)

let directory: string
let clock: HandClock
let storage: Storage

function open(init: Partial<StorageInit> = {}): Storage {
  storage = new Storage({
    directory,
    maxBytes: 1e9,
    maxBytesPerSource: 1e9,
    clock,
    logger: lineLogger(() => undefined),
    ...init,
  })
  return storage
}

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const seconds = (ms: number): number => Math.floor((clock.now() + ms) / 1_000)

async function create(params: Partial<MailboxParams> = {}, source = 'a'): Promise<MailboxId> {
  const whole: MailboxParams = {
    lane: 'content',
    readKey: nodeRandom.bytes(32),
    writeKeys: [key(1)],
    capacity: 0,
    expiresAt: 0,
    powBits: 0,
    ...params,
  }
  const encoded = parametersOf(whole)
  const id = mailboxId(encoded)
  const created = await storage.create(id, whole, encoded, source)
  if (!created.ok) throw new Error(created.reason)
  return id
}

interface Put {
  writer?: number
  bytes?: number
  knock?: Uint8Array
  tag?: Uint8Array
  source?: string
}

async function put(id: MailboxId, { writer = 1, bytes = 2_048, knock, tag, source = 'a' }: Put = {}) {
  const entry = {
    writer: key(writer),
    tag: tag ?? nodeRandom.bytes(16),
    body: nodeRandom.bytes(bytes),
    knock: knock ?? new Uint8Array(0),
  }
  return storage.put(id, entry, source)
}

/** How many of `count` PUTs are taken, and why the first other one is not. */
async function fill(id: MailboxId, count: number, how: Put = {}): Promise<[number, string | undefined]> {
  const results = await Promise.all(Array.from({ length: count }, () => put(id, how)))
  const refused = results.find((result) => !result.ok)
  return [results.filter(({ ok }) => ok).length, refused?.ok === false ? refused.reason : undefined]
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-storage-'))
  clock = new HandClock(START)
})

afterEach(() => {
  storage.close()
  rmSync(directory, { recursive: true })
})

describe('lanes refuse what exceeds their quota', () => {
  it('content: 4,096 entries', async () => {
    open()
    const id = await create()
    expect(await fill(id, 4_100)).toEqual([4_096, 'full'])
    expect(await fill(await create(), 1)).toEqual([1, undefined])
  })

  it('control: each write key owns its part, whoever else writes', async () => {
    open()
    const id = await create({ lane: 'control', writeKeys: Array.from({ length: 256 }, (_, index) => key(index)) })
    expect(await fill(id, 20, { writer: 7 })).toEqual([16, 'full'])
    expect(await fill(id, 1, { writer: 8 })).toEqual([1, undefined])
  })

  it('knock: as many knocks as its capacity, each of 64 fragments', async () => {
    open()
    const id = await create({ lane: 'knock', capacity: 2, expiresAt: seconds(7 * DAY) })
    const [first, second, third] = [nodeRandom.bytes(16), nodeRandom.bytes(16), nodeRandom.bytes(16)]
    expect(await fill(id, 70, { knock: first })).toEqual([64, 'full'])
    expect(await fill(id, 1, { knock: second })).toEqual([1, undefined])
    expect(await fill(id, 1, { knock: third })).toEqual([0, 'full'])
    expect(await fill(id, 1, { knock: second })).toEqual([1, undefined])
  })

  it('the relay: no more than its bytes, and no more of one source than its share', async () => {
    open({ maxBytes: 100_000, maxBytesPerSource: 30_000 })
    const id = await create()
    expect(await fill(id, 20)).toEqual([12, 'quota'])
    for (const source of ['b', 'c', 'd']) await fill(id, 20, { source })
    expect(storage.totals().bytes).toBeLessThanOrEqual(100_000)
    expect(await fill(id, 1, { source: 'e' })).toEqual([0, 'quota'])
    clock.advance(DAY)
    expect(await fill(id, 1, { source: 'e' })).toEqual([0, 'quota'])
  })

  it('a source may add again a day later', async () => {
    open({ maxBytesPerSource: 30_000 })
    const id = await create()
    expect((await fill(id, 20))[1]).toBe('quota')
    clock.advance(DAY)
    expect(await fill(id, 5)).toEqual([5, undefined])
  })

  it('a full disk: the PUT is refused, everything before stays, and there is room again after a sweep', async () => {
    const lines: string[] = []
    open({ maxPages: 128, logger: lineLogger((line) => lines.push(line)) })
    const id = await create()
    const [taken, reason] = await fill(id, 400)
    expect(reason).toBe('quota')
    expect(taken).toBeGreaterThan(20)
    expect(lines).toHaveLength(1) // Not one for each refusal: the log is on that disk, too.
    expect(lines[0]).toContain('could not store reason=SQLITE_FULL')
    expect(storage.list(id, 0, 256).entries.length).toBe(Math.min(taken, 256))
    expect(await put(id)).toEqual({ ok: false, reason: 'quota' })
    clock.advance(22 * DAY)
    await storage.sweep()
    expect(await fill(id, 10)).toEqual([10, undefined])
  })
})

describe('an entry', () => {
  it('put twice is kept once, under its first number', async () => {
    open()
    const id = await create()
    const tag = nodeRandom.bytes(16)
    const first = await put(id, { tag })
    expect(first).toMatchObject({ ok: true, value: { fresh: true } })
    const [again, twice] = await Promise.all([put(id, { tag }), put(id, { tag })])
    const seq = first.ok ? first.value.seq : 0
    expect([again, twice]).toEqual([
      { ok: true, value: { seq, fresh: false } },
      { ok: true, value: { seq, fresh: false } },
    ])
    expect(storage.totals().entries).toBe(1)
  })

  it('with the tag of another writer is an entry of its own: nobody can take a tag away', async () => {
    open()
    const id = await create({ lane: 'control', writeKeys: [key(1), key(2)] })
    const tag = nodeRandom.bytes(16)
    await put(id, { tag, writer: 1 })
    expect(await put(id, { tag, writer: 2 })).toMatchObject({ ok: true, value: { fresh: true } })
    expect(storage.list(id, 0, 256).entries).toHaveLength(2)
  })

  it('is numbered in order, and by a relay that lost its disk beyond every former number', async () => {
    open()
    const params = { readKey: key(9) }
    const id = await create(params)
    await fill(id, 50)
    const before = storage.list(id, 0, 256)
    const seqs = before.entries.map(({ seq }) => seq)
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
    expect(before.last).toBe(seqs.at(-1))
    storage.close()
    rmSync(join(directory, 'relay.db'))
    clock.advance(HOUR)
    open()
    await create(params)
    const after = await put(id)
    expect(after.ok && after.value.seq).toBeGreaterThan(before.last)
  })

  it.each([
    ['content', 21],
    ['control', 90],
  ] as const)('of the %s lane is there for %i days and then gone', async (lane, days) => {
    open()
    const id = await create({ lane })
    await fill(id, 3)
    clock.advance(days * DAY - HOUR)
    await storage.sweep()
    const { entries, last } = storage.list(id, 0, 256)
    expect(entries).toHaveLength(3)
    clock.advance(HOUR)
    expect(storage.list(id, 0, 256)).toEqual({ entries: [], last })
    expect(storage.get(id, [last])).toEqual([])
    await storage.sweep()
    expect(storage.totals().entries).toBe(0)
  })

  it('of a knock mailbox lives until the expiry, after which the mailbox says so', async () => {
    open()
    const id = await create({ lane: 'knock', capacity: 5, expiresAt: seconds(2 * DAY) })
    await fill(id, 2, { knock: nodeRandom.bytes(16) })
    clock.advance(2 * DAY - 1_000)
    expect(storage.list(id, 0, 256).entries).toHaveLength(2)
    clock.advance(1_000)
    expect(await put(id, { knock: nodeRandom.bytes(16) })).toEqual({ ok: false, reason: 'expired' })
    clock.advance(HOUR)
    expect(storage.list(id, 0, 256).entries).toEqual([])
  })
})

describe('a mailbox', () => {
  it('made twice is the same', async () => {
    open()
    const params = { readKey: key(9) }
    const id = await create(params)
    await fill(id, 1)
    await create(params)
    expect(storage.list(id, 0, 256).entries).toHaveLength(1)
    expect(storage.totals().mailboxes).toBe(1)
  })

  it.each([
    ['in the past', -1_000, 'expired'],
    ['more than 90 days ahead', 91 * DAY, 'bad-request'],
  ])('for knocks with an expiry %s is refused', async (_, ahead, reason) => {
    open()
    await expect(create({ lane: 'knock', capacity: 1, expiresAt: seconds(ahead) })).rejects.toThrow(reason)
  })

  it('that is empty and unused is forgotten after 120 days, one in use never', async () => {
    open()
    const [idle, used] = [await create(), await create({ lane: 'control' })]
    for (let week = 0; week < 20; week++) {
      await fill(used, 1)
      clock.advance(7 * DAY)
      await storage.sweep()
    }
    expect(storage.find(idle)).toBeUndefined()
    expect(storage.find(used)).toBeDefined()
    expect(storage.totals()).toMatchObject({ mailboxes: 1, entries: storage.list(used, 0, 256).entries.length })
  })

  it('leaves totals of zero when all is over', async () => {
    open()
    await fill(await create(), 30, { bytes: 16_384 })
    await fill(await create({ lane: 'knock', capacity: 1, expiresAt: seconds(DAY) }), 3, { knock: key(1).slice(16) })
    await storage.putBlob({ id: key(5), owner: key(6), bytes: new Uint8Array(1_000), expiresAt: seconds(DAY) }, 'a')
    clock.advance(200 * DAY)
    await storage.sweep()
    expect(storage.totals()).toEqual({ bytes: 0, mailboxes: 0, entries: 0, blobs: 0, blob_bytes: 0 })
  })
})

describe('a blob', () => {
  const blob = (bytes = 1_000, owner = key(6)) => ({
    id: key(5),
    owner,
    bytes: new Uint8Array(bytes).fill(3),
    expiresAt: seconds(DAY),
  })

  it('is given to who knows its id, replaced and deleted by its owner alone', async () => {
    open()
    const unknown = { ok: false, reason: 'unknown' }
    expect(storage.getBlob(key(5))).toBeUndefined()
    expect(await storage.putBlob(blob(), 'a')).toMatchObject({ ok: true })
    expect(await storage.putBlob(blob(1_000, key(7)), 'a')).toEqual(unknown)
    expect(await storage.deleteBlob(key(5), key(7))).toEqual(unknown)
    expect(await storage.putBlob(blob(2_000), 'a')).toMatchObject({ ok: true })
    expect(storage.getBlob(key(5))).toEqual(blob(2_000).bytes)
    expect(await storage.deleteBlob(key(5), key(6))).toMatchObject({ ok: true })
    expect(await storage.deleteBlob(key(5), key(6))).toEqual(unknown)
    expect(storage.totals()).toMatchObject({ bytes: 0, blobs: 0, blob_bytes: 0 })
  })

  it('is gone after its expiry, which lies within 90 days', async () => {
    open()
    expect(await storage.putBlob({ ...blob(), expiresAt: seconds(91 * DAY) }, 'a')).toMatchObject({ ok: false })
    expect(await storage.putBlob({ ...blob(), expiresAt: seconds(0) }, 'a')).toEqual({ ok: false, reason: 'expired' })
    await storage.putBlob(blob(), 'a')
    clock.advance(DAY)
    expect(storage.getBlob(key(5))).toBeUndefined()
  })

  it('and all others together take a quarter of the relay at most', async () => {
    open({ maxBytes: 100_000 })
    expect(await storage.putBlob(blob(24_000), 'a')).toMatchObject({ ok: true })
    expect(await storage.putBlob({ ...blob(24_000), id: key(8) }, 'a')).toEqual({ ok: false, reason: 'quota' })
    expect(await fill(await create(), 5)).toEqual([5, undefined])
  })
})

describe('the data folder', () => {
  it('is held by one relay at a time', () => {
    open()
    expect(
      () => new Storage({ directory, maxBytes: 1, maxBytesPerSource: 1, clock, logger: lineLogger(() => undefined) }),
    ).toThrow(/Another relay is running on the data folder .* --data/)
  })

  it('is private, and names what it cannot use', () => {
    open()
    expect(statSync(join(directory, 'relay.db')).mode & 0o777).toBe(0o600)
    expect(
      () =>
        new Storage({
          directory: '/dev/null/x',
          maxBytes: 1,
          maxBytesPerSource: 1,
          clock,
          logger: lineLogger(() => undefined),
        }),
    ).toThrow(/The data folder \/dev\/null\/x cannot be used \(ENOTDIR\)/)
  })

  it('keeps nothing of an entry that is over', async () => {
    open()
    const id = await create()
    const body = nodeRandom.bytes(16_384)
    await storage.put(id, { writer: key(1), tag: nodeRandom.bytes(16), body, knock: new Uint8Array(0) }, 'a')
    const onDisk = (): boolean =>
      ['relay.db', 'relay.db-wal'].some((name) =>
        readFileSync(join(directory, name)).includes(Buffer.from(body.subarray(0, 64))),
      )
    expect(onDisk()).toBe(true)
    clock.advance(22 * DAY)
    await storage.sweep()
    expect(onDisk()).toBe(false)
  })
})
