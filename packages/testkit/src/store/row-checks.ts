import { KEYS } from '@sotto/interface'
import type { Change, Rows, Table } from '@sotto/interface'
import { assertRefused, assertSame } from './assert.ts'
import type { CheckList } from './place.ts'
import { SAMPLES, bytes, eventRow, id, metaRow } from './sample-rows.ts'

const TABLES = Object.keys(SAMPLES) as Table[]

function putOf<T extends Table>(table: T, row: Rows[T]): Change {
  return { put: table, row } as unknown as Change
}

function keyOf(table: Table): (string | number)[] {
  const row = SAMPLES[table] as unknown as Readonly<Record<string, string | number>>
  return KEYS[table].map((name) => row[name] ?? '')
}

/** Single rows: what goes in comes out, and the caller's bytes stay the caller's. */
export const ROW_CHECKS: CheckList = {
  'a row of every table comes back as it was, and is gone once deleted': async (store) => {
    await store.commit(TABLES.map((table) => putOf(table, SAMPLES[table])))
    for (const table of TABLES) {
      assertSame(await store.get(table, keyOf(table)), SAMPLES[table], `get ${table}`)
      assertSame(await store.list(table), [SAMPLES[table]], `list ${table}`)
    }
    await store.commit(TABLES.map((table) => ({ delete: table, key: keyOf(table) }) as Change))
    for (const table of TABLES) assertSame(await store.list(table), [], `${table} after delete`)
  },

  'an absent row is undefined, and deleting it does nothing': async (store) => {
    await store.commit([{ delete: 'meta', key: ['none'] }])
    assertSame(await store.get('meta', ['none']), undefined, 'absent row')
    assertSame(await store.list('events', { prefix: [id(9)] }), [], 'absent prefix')
  },

  'a put replaces the whole row': async (store) => {
    await store.commit([{ put: 'events', row: eventRow() }])
    const changed = eventRow({ text: '', shown: 0, proof: bytes(9, 9), lamport: 7, body: new Uint8Array() })
    await store.commit([{ put: 'events', row: changed }])
    assertSame(await store.list('events'), [changed], 'the replaced row')
  },

  'changes of one commit apply in their order': async (store) => {
    await store.commit([
      { put: 'meta', row: metaRow('a', bytes(1, 1)) },
      { delete: 'meta', key: ['a'] },
      { put: 'meta', row: metaRow('a', bytes(1, 2)) },
      { put: 'meta', row: metaRow('a', bytes(1, 3)) },
      { put: 'meta', row: metaRow('b') },
      { delete: 'meta', key: ['b'] },
    ])
    assertSame(await store.list('meta'), [metaRow('a', bytes(1, 3))], 'the last put')
  },

  'bytes are copied on their way in and out': async (store) => {
    const given = Uint8Array.of(0, 1, 2, 3, 4)
    await store.commit([{ put: 'meta', row: metaRow('a', given.subarray(1, 4)) }])
    given.fill(9)
    const first = await store.get('meta', ['a'])
    assertSame(first?.value, Uint8Array.of(1, 2, 3), 'bytes changed after the put')
    assertSame(first?.value.buffer.byteLength, 3, 'bytes that reach beyond the value')
    first?.value.fill(8)
    assertSame(await store.get('meta', ['a']), metaRow('a', Uint8Array.of(1, 2, 3)), 'bytes changed after the get')
    const [listed] = await store.list('meta')
    listed?.value.fill(7)
    assertSame(await store.list('meta'), [metaRow('a', Uint8Array.of(1, 2, 3))], 'bytes changed after the list')
  },

  'text of every kind comes back, a lone surrogate as the replacement character': async (store) => {
    const texts = [
      '',
      ' ',
      '\0',
      'a\0b',
      '\u{1f642}',
      'e\u0301',
      '\u202e',
      '\ufeffx',
      '"; DROP TABLE events; --',
      "'",
      '\u{10ffff}',
    ]
    for (const text of texts) {
      await store.commit([{ put: 'events', row: eventRow({ text, via: text }) }])
      assertSame(await store.list('events'), [eventRow({ text, via: text })], JSON.stringify(text))
      await store.commit([{ put: 'meta', row: metaRow(text, bytes(2, 2)) }])
      assertSame(await store.get('meta', [text]), metaRow(text, bytes(2, 2)), `key ${JSON.stringify(text)}`)
    }
    await store.commit([{ put: 'meta', row: metaRow('x\ud800y') }])
    assertSame(await store.get('meta', ['x\ufffdy']), metaRow('x\ufffdy'), 'lone surrogate')
  },

  'big rows and the ends of the integers come back': async (store) => {
    const row = eventRow({ body: bytes(3_000_000, 1), lamport: Number.MAX_SAFE_INTEGER, sentAt: -1, seq: 0 })
    await store.commit([{ put: 'events', row }])
    assertSame((await store.get('events', [row.conversation, row.device, 0]))?.body.length, 3_000_000, 'big body')
    const { body: _, ...rest } = (await store.list('events'))[0] ?? row
    const { body: __, ...expected } = row
    assertSame(rest, expected, 'the other columns')
  },

  'a row of wrong types is the caller’s mistake, and nothing of its commit is kept': async (store) => {
    const wrong: unknown[] = [
      { ...eventRow(), seq: 1.5 },
      { ...eventRow(), lamport: 2 ** 53 },
      { ...eventRow(), seq: '1' },
      { ...eventRow(), conversation: 'XY' },
      { ...eventRow(), device: 'abc' },
      { ...eventRow(), text: undefined },
      { ...eventRow(), body: [1] },
      { ...eventRow(), proof: null },
    ]
    for (const row of wrong) {
      const changes = [
        { put: 'meta', row: metaRow('a') },
        { put: 'events', row },
      ] as Change[]
      await assertRefused(() => store.commit(changes), 'TypeError', JSON.stringify(row))
    }
    await assertRefused(() => store.commit([{ put: 'nothing', row: {} } as unknown as Change]), 'TypeError', 'table')
    await assertRefused(() => store.get('events', [id(1)]), 'TypeError', 'half a key')
    await assertRefused(() => store.commit([{ delete: 'meta', key: [] }]), 'TypeError', 'no key')
    assertSame(await store.list('meta'), [], 'nothing was kept')
  },
}
