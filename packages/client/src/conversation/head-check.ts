import type { RelayId } from '@sotto/interface'
import type { HeadRecord } from '@sotto/wire'

/** Collects, while a relay's control lane is read for the first time since the start, the newest own head record in it. */
export class HeadCheck {
  readonly #reading = new Map<RelayId, HeadRecord | undefined>()
  readonly #done = new Set<RelayId>()

  /** Begins with that relay unless it has been read already. */
  begin(relay: RelayId): void {
    if (!this.#done.has(relay) && !this.#reading.has(relay)) this.#reading.set(relay, undefined)
  }

  isReading(relay: RelayId): boolean {
    return this.#reading.has(relay)
  }

  found(relay: RelayId, record: HeadRecord): void {
    const before = this.#reading.get(relay)
    if (before === undefined || isNewer(record, before)) this.#reading.set(relay, record)
  }

  /** The lane was read to its end: the newest record found in it. */
  finish(relay: RelayId): HeadRecord | undefined {
    const record = this.#reading.get(relay)
    this.#reading.delete(relay)
    this.#done.add(relay)
    return record
  }
}

function isNewer(a: HeadRecord, b: HeadRecord): boolean {
  return a.boot !== b.boot ? a.boot > b.boot : a.seals > b.seals
}
