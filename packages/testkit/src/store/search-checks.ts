import type { Change, ConversationId, Rows, Store } from '@sotto/interface'
import { assertRefused, assertSame } from './assert.ts'
import type { CheckList } from './place.ts'
import { eventRow, id } from './sample-rows.ts'

function said(seq: number, text: string, changes: Partial<Rows['events']> = {}): Change {
  return { put: 'events', row: eventRow({ seq, text, eventId: id(seq), lamport: seq, ...changes }) }
}

async function found(
  store: Store,
  query: string,
  options: { conversation?: ConversationId; limit?: number } = {},
): Promise<number[]> {
  return (await store.search(query, options)).map((row) => row.seq)
}

/** Full-text search over shown events. */
export const SEARCH_CHECKS: CheckList = {
  'words are found by their beginning, whatever their case and accents, newest first': async (store) => {
    await store.commit([
      said(1, 'Meet me at the Café, Ünal!'),
      said(2, 'the cafeteria is closed'),
      said(3, 'no coffee'),
      said(4, 'ПРИВЕТ, мир'),
    ])
    assertSame(await found(store, 'cafe'), [2, 1], 'prefix')
    assertSame(await found(store, 'CAFÉ'), [2, 1], 'case and accent')
    assertSame(await found(store, 'the caf unal'), [1], 'every word counts')
    assertSame(await found(store, 'afe'), [], 'not from the middle')
    assertSame(await found(store, 'прив МИР'), [4], 'another script')
    assertSame(await found(store, 'the', { limit: 1 }), [2], 'limit')
    assertSame(await found(store, 'the', { limit: 0 }), [], 'limit 0')
    const [whole] = await store.search('coffee')
    assertSame(whole, eventRow({ seq: 3, text: 'no coffee', eventId: id(3), lamport: 3 }), 'the whole row')
  },

  'a query is words, never an expression': async (store) => {
    await store.commit([said(1, 'alpha beta'), said(2, 'beta gamma'), said(3, 'NOT near OR and')])
    const queries: [string, number[]][] = [
      ['alpha OR gamma', []],
      ['not', [3]],
      ['NOT OR', [3]],
      ['words:alpha', []],
      ['"alpha', [1]],
      ['alpha*', [1]],
      ['^beta', [2, 1]],
      ['(beta)', [2, 1]],
      ['alpha-beta', [1]],
      ['beta-alpha', []],
      ["'; DROP TABLE events; --", []],
      ['', []],
      ['   ', []],
      ['***', []],
      ['\0', []],
      ['alpha\0beta', [1]],
      ['\ud800', []],
    ]
    for (const [query, expected] of queries) assertSame(await found(store, query), expected, JSON.stringify(query))
  },

  'any part of a text without spaces is found': async (store) => {
    await store.commit([said(1, '明日は東京に行く'), said(2, '京東で買う')])
    assertSame(await found(store, '東京'), [1], 'two characters in their order')
    assertSame(await found(store, '京'), [2, 1], 'one character')
  },

  'one conversation can be searched alone': async (store) => {
    const other = id<'conversation'>(9)
    await store.commit([said(1, 'hello'), said(2, 'hello', { conversation: other }), said(3, 'hello')])
    assertSame(await found(store, 'hello'), [3, 2, 1], 'everywhere')
    assertSame(await found(store, 'hello', { conversation: other }), [2], 'in one')
    assertSame(await found(store, 'hello', { conversation: id(8) }), [], 'in none')
    assertSame(await found(store, other.slice(0, 16)), [], 'a conversation’s id is no word')
    const misuse = { conversation: 'x OR y' as ConversationId }
    await assertRefused(() => store.search('hello', misuse), 'TypeError', 'a conversation that is no id')
  },

  'only shown events are found, and search follows every change': async (store) => {
    await store.commit([said(1, 'secret plan', { shown: 0 })])
    assertSame(await found(store, 'secret'), [], 'held back')
    await store.commit([said(1, 'secret plan'), said(2, 'another plan')])
    assertSame(await found(store, 'plan'), [2, 1], 'shown now, still the older one')
    await store.commit([said(1, 'changed mind', { proof: Uint8Array.of(1) })])
    assertSame(await found(store, 'secret'), [], 'the old text')
    assertSame(await found(store, 'mind'), [1], 'the new text')
    await store.commit([said(1, 'changed mind', { shown: 0 })])
    assertSame(await found(store, 'mind'), [], 'held back again')
    await store.commit([{ delete: 'events', key: [id(1), id(2), 2] }])
    assertSame(await found(store, 'plan'), [], 'deleted')
    await store.commit([said(2, 'plan again'), said(3, '')])
    assertSame(await found(store, 'plan'), [2], 'written again')
  },
}
