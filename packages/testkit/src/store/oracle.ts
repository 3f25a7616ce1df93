import { INDEXES, KEYS } from '@sotto/interface'
import type { Change, Index, Range, Table } from '@sotto/interface'

type Row = Readonly<Record<string, string | number | Uint8Array>>

/**
 * What a store must answer, in the plainest way: rows in one map per table, filtered and sorted anew for each question.
 * A map keeps a row's place when it is put again, which is the order of arrival that search answers in. Knows ids,
 * numbers and ASCII text only.
 */
export class Oracle {
  readonly #tables = new Map<Table, Map<string, Row>>()

  apply(changes: readonly Change[]): void {
    for (const change of changes) {
      if ('put' in change) {
        const row = change.row as unknown as Row
        this.#rows(change.put).set(keyText(KEYS[change.put].map((name) => row[name] ?? '')), copy(row))
      } else {
        this.#rows(change.delete).delete(keyText(change.key))
      }
    }
  }

  get(table: Table, key: readonly (string | number)[]): Row | undefined {
    return this.#rows(table).get(keyText(key))
  }

  list(table: Table, range: Range): Row[] {
    return select([...this.#rows(table).values()], KEYS[table], range)
  }

  listBy(index: Index, range: Range): Row[] {
    const { table, columns } = INDEXES[index]
    const names: readonly string[] = columns
    return select(
      [...this.#rows(table).values()],
      [...names, ...KEYS[table].filter((key) => !names.includes(key))],
      range,
    )
  }

  search(words: readonly string[], conversation: string | undefined, limit: number): Row[] {
    const matches = [...this.#rows('events').values()].filter((row) => {
      const said = String(row['text']).split(' ')
      const inScope = conversation === undefined || row['conversation'] === conversation
      return row['shown'] === 1 && inScope && words.every((word) => said.some((each) => each.startsWith(word)))
    })
    return matches.toReversed().slice(0, limit)
  }

  #rows(table: Table): Map<string, Row> {
    const rows = this.#tables.get(table) ?? new Map<string, Row>()
    this.#tables.set(table, rows)
    return rows
  }
}

function select(
  rows: Row[],
  names: readonly string[],
  { prefix, after = [], reverse = false, limit = 10_000 }: Range,
): Row[] {
  const direction = reverse ? -1 : 1
  const follows = names.slice(prefix.length, prefix.length + after.length)
  return rows
    .filter((row) => prefix.every((value, at) => row[names[at] ?? ''] === value))
    .filter(
      (row) =>
        after.length === 0 ||
        direction *
          compare(
            follows.map((name) => row[name] ?? ''),
            after,
          ) >
          0,
    )
    .toSorted(
      (a, b) =>
        direction *
        compare(
          names.map((name) => a[name] ?? ''),
          names.map((name) => b[name] ?? ''),
        ),
    )
    .slice(0, limit)
}

function compare(a: readonly Row[string][], b: readonly Row[string][]): number {
  for (const [at, left] of a.entries()) {
    const right = b[at] ?? ''
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

function keyText(key: readonly Row[string][]): string {
  return JSON.stringify(key)
}

function copy(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [name, cell instanceof Uint8Array ? cell.slice() : cell]),
  )
}
