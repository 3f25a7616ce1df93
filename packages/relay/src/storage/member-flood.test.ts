import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { MailboxId, MailboxParams } from '@sotto/interface'
import { LARGE_ENVELOPE_BYTES, mailboxId, MAX_RELAYS, parametersOf } from '@sotto/wire'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { lineLogger } from '../logger.ts'
import { nodeRandom } from '../platform.ts'
import { BYTES_PER_ADDRESS } from '../relay.ts'
import { HandClock } from '../testing/hand-clock.ts'
import { CONTENT_BYTES, CONTROL_ENTRIES, ENTRY_OVERHEAD_BYTES } from './limits.ts'
import { Storage } from './service.ts'

const MIB = 1024 ** 2
const [HER_KEY, HIS_KEY] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
/** What a member can put into one generation's mailboxes at one relay, if the conversation has that many devices. */
const boundOf = (devices: number): number =>
  CONTENT_BYTES + Math.floor(CONTROL_ENTRIES / devices) * LARGE_ENVELOPE_BYTES

let directory: string
let storage: Storage
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-flood-'))
})
afterEach(() => {
  storage.close()
  rmSync(directory, { recursive: true })
})

function open(maxBytesPerSource: number): void {
  const logger = lineLogger(() => undefined)
  storage = new Storage({
    directory,
    maxBytes: 1e10,
    maxBytesPerSource,
    clock: new HandClock(Date.UTC(2026, 5, 1)),
    logger,
  })
}

async function create(lane: 'content' | 'control', source: string): Promise<MailboxId> {
  const writeKeys = lane === 'content' ? [HER_KEY] : [HER_KEY, HIS_KEY]
  const params: MailboxParams = {
    lane,
    readKey: nodeRandom.bytes(32),
    writeKeys,
    capacity: 0,
    expiresAt: 0,
    powBits: 0,
  }
  const encoded = parametersOf(params)
  await storage.create(mailboxId(encoded), params, encoded, source)
  return mailboxId(encoded)
}

const put = (mailbox: MailboxId, writer: Uint8Array, source: string): ReturnType<Storage['put']> => {
  const entry = {
    writer,
    tag: nodeRandom.bytes(16),
    body: new Uint8Array(LARGE_ENVELOPE_BYTES),
    knock: new Uint8Array(0),
  }
  return storage.put(mailbox, entry, source)
}

/** Puts until it is refused; what was taken, and why no more. */
async function flood(mailbox: MailboxId, writer: Uint8Array, source: string): Promise<[bytes: number, reason: string]> {
  for (let taken = 0; ;) {
    const results = await Promise.all(Array.from({ length: 128 }, () => put(mailbox, writer, source)))
    taken += results.filter(({ ok }) => ok).length
    const refused = results.find((result) => !result.ok)
    if (refused?.ok === false) return [taken * LARGE_ENVELOPE_BYTES, refused.reason]
  }
}

describe('a member who floods', () => {
  test('fills the mailboxes of one generation to their bound, and no part of another device', async () => {
    open(1e10)
    const [content, control] = [await create('content', 'her'), await create('control', 'her')]
    const [inContent, whyContent] = await flood(content, HER_KEY, 'her')
    const [inControl, whyControl] = await flood(control, HER_KEY, 'her')
    expect([whyContent, whyControl]).toEqual(['full', 'full'])
    expect(inContent + inControl).toBe(boundOf(2))
    expect((await put(control, HIS_KEY, 'his')).ok).toBe(true)
  })

  test('and opens generation after generation is stopped at what one address may add in a day', async () => {
    const perDay = 40 * MIB
    open(perDay)
    let taken = 0
    let reason = ''
    for (let generation = 0; generation < 5 && reason !== 'quota'; generation++) {
      const [bytes, why] = await flood(await create('content', 'her'), HER_KEY, 'her')
      taken += bytes
      reason = why
    }
    expect(reason).toBe('quota')
    expect(taken).toBeLessThan(perDay)
    expect(taken).toBeGreaterThan(
      perDay - (perDay / LARGE_ENVELOPE_BYTES) * ENTRY_OVERHEAD_BYTES - 2 * LARGE_ENVELOPE_BYTES,
    )
    const his = await create('content', 'his')
    expect((await put(his, HER_KEY, 'his')).ok).toBe(true)
  })

  test('comes to what the threat model says', () => {
    const text = readFileSync(new URL('../../../../docs/threat-model.md', import.meta.url), 'utf8')
    expect(text).toContain(`fills at most ${boundOf(2) / MIB} MiB of one generation's mailboxes at one relay`)
    expect(text.replaceAll('\n', ' ')).toContain(
      `a relay takes ${BYTES_PER_ADDRESS / MIB} MiB a day for all of them, and three relays ${(MAX_RELAYS * BYTES_PER_ADDRESS) / MIB} MiB`,
    )
  })
})
