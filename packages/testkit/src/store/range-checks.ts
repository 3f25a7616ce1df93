import type { Change, Range, Rows } from '@sotto/interface'
import { assertRefused, assertSame } from './assert.ts'
import type { CheckList } from './place.ts'
import { eventRow, id, metaRow } from './sample-rows.ts'

function putEvents(rows: readonly Rows['events'][]): Change[] {
  return rows.map((row) => ({ put: 'events', row }))
}

/** Events of two conversations and two devices, written in an order that is none of the store's. */
function manyEvents(): Rows['events'][] {
  const rows: Rows['events'][] = []
  for (const seq of [10, 2, 1, 9, 3]) {
    for (const device of [5, 4]) {
      for (const conversation of [2, 1]) {
        const eventId = id<'event'>((seq * 7 + device + conversation) % 100)
        rows.push(eventRow({ conversation: id(conversation), device: id(device), seq, eventId, lamport: 20 - seq }))
      }
    }
  }
  return rows
}

const place = (row: Rows['events']): string => `${row.conversation.slice(0, 2)} ${row.device.slice(0, 2)} ${row.seq}`

/** Lists: order, prefixes, going on after a row, both directions, limits. */
export const RANGE_CHECKS: CheckList = {
  'rows come in the order of the key, numbers by value': async (store) => {
    await store.commit(putEvents(manyEvents()))
    const all = (await store.list('events')).map(place)
    const expected = ['01', '02'].flatMap((c) =>
      ['04', '05'].flatMap((d) => [1, 2, 3, 9, 10].map((s) => `${c} ${d} ${s}`)),
    )
    assertSame(all, expected, 'all events')
    assertSame((await store.list('events', { prefix: [], reverse: true })).map(place), expected.toReversed(), 'reverse')
  },

  'text sorts by the bytes of its UTF-8': async (store) => {
    const keys = ['b', 'B', '', 'a', 'ä', 'aa', '\uffee', '\u{1f600}', '\ue000', 'z\0', 'z', '\u{10000}', 'a\u0301']
    await store.commit(keys.map((key) => ({ put: 'meta', row: metaRow(key) })))
    const order = keys.toSorted(compareUtf8)
    assertSame(
      (await store.list('meta')).map((row) => row.key),
      order,
      'keys',
    )
    const after = await store.list('meta', { prefix: [], after: ['\ue000'] })
    assertSame(
      after.map((row) => row.key),
      order.slice(order.indexOf('\ue000') + 1),
      'after a private-use character',
    )
  },

  'a range keeps to its prefix, its start and its limit': async (store) => {
    await store.commit(putEvents(manyEvents()))
    const list = async (range: Range): Promise<string[]> => (await store.list('events', range)).map(place)
    const one = id(1)
    assertSame(await list({ prefix: [one, id(4)], after: [2] }), ['01 04 3', '01 04 9', '01 04 10'], 'after a number')
    assertSame(
      await list({ prefix: [one, id(4)], after: [9], reverse: true }),
      ['01 04 3', '01 04 2', '01 04 1'],
      'back',
    )
    assertSame(await list({ prefix: [one], after: [id(4), 9], limit: 2 }), ['01 04 10', '01 05 1'], 'over two columns')
    assertSame(await list({ prefix: [one], after: [id(4)], limit: 1 }), ['01 05 1'], 'after all of a device')
    assertSame(await list({ prefix: [one], after: [id(5)], limit: 1, reverse: true }), ['01 04 10'], 'before a device')
    assertSame(await list({ prefix: [one, id(4), 3] }), ['01 04 3'], 'a whole key')
    assertSame(await list({ prefix: [one, id(4), 4] }), [], 'a missing key')
    assertSame(await list({ prefix: [], limit: 0 }), [], 'limit 0')
    assertSame(await list({ prefix: [], after: [id(2), id(5), 10] }), [], 'after the end')
    assertSame((await list({ prefix: [], limit: 1_000_000 })).length, 20, 'a limit above the highest')
  },

  'an index gives its own order, ties broken by the key': async (store) => {
    const rows = [
      eventRow({ seq: 3, lamport: 2, eventId: id(7) }),
      eventRow({ seq: 1, lamport: 2, eventId: id(7) }),
      eventRow({ seq: 2, lamport: 2, eventId: id(6) }),
      eventRow({ seq: 4, lamport: 10, eventId: id(1) }),
      eventRow({ seq: 5, lamport: 9, eventId: id(2) }),
      eventRow({ seq: 6, lamport: 1, eventId: id(9), shown: 0 }),
      eventRow({ seq: 7, lamport: 1, eventId: id(9), conversation: id(2) }),
    ]
    await store.commit(putEvents(rows))
    const list = async (range: Range): Promise<number[]> =>
      (await store.listBy('events.order', range)).map((r) => r.seq)
    assertSame(await list({ prefix: [id(1), 1] }), [2, 1, 3, 5, 4], 'shown')
    assertSame(await list({ prefix: [id(1), 0] }), [6], 'held back')
    assertSame(await list({ prefix: [id(1), 1], reverse: true, limit: 3 }), [4, 5, 3], 'the newest')
    assertSame(await list({ prefix: [id(1), 1], reverse: true, after: [9, id(2)] }), [3, 1, 2], 'the page before')
    assertSame(await list({ prefix: [id(1), 1], after: [2, id(7), id(2), 1] }), [3, 5, 4], 'after a tie')
    assertSame(await list({ prefix: [] }), [6, 2, 1, 3, 5, 4, 7], 'all')
    const byId = await store.listBy('events.id', { prefix: [id(7)] })
    assertSame(
      byId.map((row) => row.seq),
      [1, 3],
      'by event id',
    )
  },

  'an index follows every change of a row': async (store) => {
    await store.commit([{ put: 'events', row: eventRow({ shown: 0, lamport: 5 }) }])
    await store.commit([{ put: 'events', row: eventRow({ shown: 1, lamport: 6 }) }])
    assertSame(await store.listBy('events.order', { prefix: [id(1), 0] }), [], 'no longer held back')
    assertSame((await store.listBy('events.order', { prefix: [id(1), 1, 6] })).length, 1, 'shown')
    await store.commit([{ delete: 'events', key: [id(1), id(2), 1] }])
    assertSame(await store.listBy('events.order', { prefix: [] }), [], 'deleted')
  },

  'a range that does not fit its order is the caller’s mistake': async (store) => {
    await assertRefused(() => store.list('meta', { prefix: ['a', 'b'] }), 'TypeError', 'too many values')
    await assertRefused(() => store.list('events', { prefix: [1] }), 'TypeError', 'a number for an id')
    await assertRefused(() => store.list('events', { prefix: [], limit: -1 }), 'TypeError', 'a negative limit')
    await assertRefused(() => store.listBy('events.order', { prefix: [id(1)], after: ['1'] }), 'TypeError', 'text')
  },
}

function compareUtf8(a: string, b: string): number {
  const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)]
  for (const [at, byte] of left.entries()) {
    if (byte !== right[at]) return byte - (right[at] ?? -1)
  }
  return left.length - right.length
}
