import { INDEXES } from '@sotto/interface'
import type { Index, Range } from '@sotto/interface'
import Database from 'better-sqlite3-multiple-ciphers'
import { expect, test } from 'vitest'
import { TABLES } from '../columns.ts'
import { indexOrder, keyOrder, sliceOf } from '../order.ts'
import type { Order } from '../order.ts'
import { MIGRATIONS } from './schema.ts'
import { getSql, listSql, searchSql } from './statements.ts'

const database = new Database(':memory:')
for (const statement of MIGRATIONS.flat()) database.exec(statement)

function planOf(sql: string): string {
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql.replaceAll('?', '1')}`).all() as { detail: string }[]
  return steps.map((step) => step.detail).join('; ')
}

/** Every way to ask within a conversation, a relay and so on: each prefix length, with and without a start, both ways. */
function rangesOf(order: Order): Range[] {
  const sample = order.columns.map((column) => (column.type === 'integer' ? 1 : 'ab'))
  return sample.flatMap((_, at) => {
    const length = at + 1
    const prefix = sample.slice(0, length)
    const rest = sample.slice(length)
    return [true, false].flatMap((reverse) => [
      { prefix, reverse },
      { prefix, reverse, after: rest },
    ])
  })
}

const orders: [string, Order][] = [
  ...TABLES.map((table): [string, Order] => [table, keyOrder(table)]),
  ...(Object.keys(INDEXES) as Index[]).map((index): [string, Order] => [index, indexOrder(index)]),
]

test.each(orders)('%s is listed along its index: no scan, no sort of all rows', (_, order) => {
  for (const range of rangesOf(order)) {
    const plan = planOf(listSql(order, sliceOf(order, range)))
    expect(plan).toContain('SEARCH')
    expect(plan).not.toContain('USE TEMP B-TREE FOR ORDER BY')
  }
})

test.each(TABLES)('a row of %s is found by its key', (table) => {
  expect(planOf(getSql(table))).toMatch(/^SEARCH [^;]*$/)
})

test('search reads the index of words from its newest row on, and sorts nothing', () => {
  for (const inOne of [true, false]) {
    expect(planOf(searchSql(inOne))).toMatch(
      /^SCAN wordIndex VIRTUAL TABLE INDEX \d+:\S+; SEARCH e USING INTEGER PRIMARY KEY \(rowid=\?\)$/,
    )
  }
})
