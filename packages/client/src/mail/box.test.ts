import { generationKeys, sealEnvelope, splitInner } from '@sotto/group'
import { ok, type MailboxEntry, type MailboxId, type Relay, type Store } from '@sotto/interface'
import { memoryStore } from '@sotto/store/memory'
import { innerIdOf } from '@sotto/wire'
import { expect, test } from 'vitest'
import { Box } from './box.ts'

const id = 'ab'.repeat(32)
const relayId = '12D3KooWRelay'
const keys = generationKeys(new Uint8Array(32).fill(1))
const key = { publicKey: new Uint8Array(32), seed: new Uint8Array(32) }

interface Held {
  readonly seq: number
  readonly body: Uint8Array
}

/** A relay that answers as it likes. */
function relayWith(answers: { list(after: number): readonly Held[]; get(seqs: readonly number[]): readonly Held[] }): {
  relay: Relay
  asked: () => number
} {
  let asked = 0
  const entry = ({ seq, body }: Held): MailboxEntry => ({ seq, tag: tagOf(seq), bytes: body.length })
  const relay = {
    id: relayId,
    list: async (_mailbox: string, _key: unknown, after: number) => {
      asked += 1
      if (asked > 1_000) throw new Error('it never ends')
      const last = Math.max(0, ...answers.list(0).map(({ seq }) => seq))
      return ok({ entries: answers.list(after).map(entry), last })
    },
    get: async (_mailbox: string, _key: unknown, seqs: readonly number[]) => ok(answers.get(seqs)),
  }
  return { relay: relay as unknown as Relay, asked: () => asked }
}

function tagOf(seq: number): Uint8Array {
  const tag = new Uint8Array(16)
  new DataView(tag.buffer).setUint32(12, seq >>> 0)
  return tag
}

function boxOn(
  relay: Relay,
  take: (inner: Uint8Array) => Promise<boolean> = async () => true,
): { box: Box; store: Store } {
  const store = memoryStore()
  const init = { id: id as MailboxId, relay, readKey: key, generation: { keys } }
  return { box: new Box(store, { ...init, take: (_id, inner) => take(inner) }), store }
}

/** An item of `size` bytes in envelopes for the relay, numbered from `first`. */
function held(size: number, first: number): { inner: Uint8Array; entries: Held[] } {
  const inner = new Uint8Array(size).fill(first)
  const split = splitInner(inner, 2_048)
  if (!split.ok) throw new Error(split.reason)
  const entries = split.value.map((fragment, index) => ({
    seq: first + index,
    body: sealEnvelope({ keys, path: `relay:${relayId}` as never, size: 2_048, ...fragment }),
  }))
  return { inner, entries }
}

const cursorOf = async (store: Store): Promise<number | undefined> => (await store.get('cursors', [relayId, id]))?.seq

test('a relay that lists the same entries for ever is not asked for ever, and its mailbox does not count as read', async () => {
  const { entries } = held(100, 7)
  const { relay } = relayWith({ list: () => entries, get: () => entries })
  const { box } = boxOn(relay)
  await box.read()
  expect(box.isCurrent).toBe(false)
})

test.each([
  ['not in order', [9, 8]],
  ['twice', [8, 8]],
])('entries that are listed %s move no cursor', async (_name, seqs) => {
  const listed = seqs.map((seq) => ({ seq, body: new Uint8Array(2_048) }))
  const { relay } = relayWith({ list: () => listed, get: () => [] })
  const { box, store } = boxOn(relay)
  await box.read()
  expect(await cursorOf(store)).toBeUndefined()
})

test('bodies that were not asked for are not looked at, and those that are missing are asked for again', async () => {
  const one = held(100, 7)
  const two = held(100, 3)
  let silent = true
  const { relay } = relayWith({
    list: (after) => one.entries.filter(({ seq }) => seq > after),
    get: () => (silent ? two.entries : one.entries),
  })
  const taken: Uint8Array[] = []
  const { box } = boxOn(relay, async (inner) => taken.push(inner) > 0)
  await box.read()
  expect(taken).toEqual([])
  expect(box.isCurrent).toBe(false)
  silent = false
  await box.read()
  expect(taken).toEqual([one.inner])
  expect(box.isCurrent).toBe(true)
})

test.each(['refuses it for now', 'fails'])(
  'an item of many fragments comes again when whoever takes it %s',
  async (how) => {
    const { inner, entries } = held(80_000, 1)
    expect(entries.length).toBeGreaterThan(32)
    const { relay } = relayWith({
      list: (after) => entries.filter(({ seq }) => seq > after),
      get: (seqs) => entries.filter(({ seq }) => seqs.includes(seq)),
    })
    let tries = 0
    const { box, store } = boxOn(relay, async (given) => {
      expect(given).toEqual(inner)
      tries += 1
      if (tries === 1 && how === 'fails') throw new Error('disk full')
      return tries > 1
    })
    await box.read().catch(() => undefined)
    await box.read()
    expect(tries).toBe(2)
    expect(innerIdOf(inner)).toHaveLength(64)
    expect(await cursorOf(store)).toBe(entries.at(-1)?.seq)
  },
)

test('a relay that lost everything and counts anew is read from its beginning, and its old entries are not', async () => {
  const before = held(100, 40)
  const after = held(120, 1)
  let entries = before.entries
  const { relay } = relayWith({
    list: (seen) => entries.filter(({ seq }) => seq > seen),
    get: (seqs) => entries.filter(({ seq }) => seqs.includes(seq)),
  })
  const taken: Uint8Array[] = []
  const { box, store } = boxOn(relay, async (inner) => taken.push(inner) > 0)
  await box.read()
  entries = after.entries
  await box.read()
  expect(taken).toEqual([before.inner, after.inner])
  expect(box.isCurrent).toBe(true)
  expect(await cursorOf(store)).toBe(after.entries.at(-1)?.seq)
})

test('a relay that always says it has less than was read is asked a few times, not for ever', async () => {
  const { entries } = held(100, 7)
  const relay = {
    id: relayId,
    list: async (_mailbox: string, _key: unknown, after: number) =>
      ok({
        entries: entries
          .filter(({ seq }) => seq > after)
          .map(({ seq, body }) => ({ seq, tag: tagOf(seq), bytes: body.length })),
        last: 0,
      }),
    get: async () => ok(entries),
  }
  let taken = 0
  const { box } = boxOn(relay as unknown as Relay, async () => ++taken > 0)
  for (let reads = 0; reads < 3; reads++) await box.read()
  expect(taken).toBe(3)
})
