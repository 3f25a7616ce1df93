import type { OutboxRow } from '../conversation/outbox-row.ts'

type Row = Pick<OutboxRow, 'innerId' | 'generation'>

/** What has gone over a path of one conversation, by what it is and under which keys. */
export class Sent {
  readonly #gone = new Set<string>()
  readonly #refused = new Set<string>()

  has(row: Row): boolean {
    return this.#gone.has(nameOf(row))
  }

  add(row: Row): void {
    this.#gone.add(nameOf(row))
  }

  /** It may go again, after what has never been refused. */
  refuse(row: Row): void {
    this.#gone.delete(nameOf(row))
    this.#refused.add(nameOf(row))
  }

  /** Forgets what waits no more. */
  keep(rows: readonly Row[]): void {
    const names = new Set(rows.map(nameOf))
    for (const known of [this.#gone, this.#refused]) for (const name of known) if (!names.has(name)) known.delete(name)
  }

  /** In their order, but those last that were refused: the others need not wait for what is not taken. */
  inTurn<R extends Row>(rows: readonly R[]): readonly R[] {
    if (this.#refused.size === 0) return rows
    const isRefused = (row: R): boolean => this.#refused.has(nameOf(row))
    return [...rows.filter((row) => !isRefused(row)), ...rows.filter(isRefused)]
  }
}

function nameOf({ innerId, generation }: Row): string {
  return `${innerId} ${generation}`
}
