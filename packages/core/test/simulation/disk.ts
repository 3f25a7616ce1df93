import type { InnerId, RelayId, Rows } from '@sotto/interface'

/** What travels: the model of an inner item. `key` is the MLS key that a seal used up. */
export interface Item {
  readonly innerId: InnerId
  readonly from: string
  readonly kind: 'seal' | 'receipt' | 'fetch' | 'head'
  readonly body: Uint8Array
  readonly key: number
  readonly mark: { readonly boot: number; readonly seals: number }
}

export interface OutboxRow {
  readonly item: Item
  readonly lastSeq: number
  readonly deposits: ReadonlySet<RelayId>
}

/** One device's durable memory. Replaced as a whole by each transaction, so that a crash leaves the old one or the new one. */
export interface Disk {
  readonly boot: number
  readonly state: Uint8Array
  readonly rows: ReadonlyMap<string, Rows['events']>
  readonly outbox: ReadonlyMap<InnerId, OutboxRow>
  readonly seen: ReadonlySet<InnerId>
  readonly cursors: ReadonlyMap<RelayId, number>
  /** MLS keys used so far. */
  readonly keys: number
}

/** A relay: a log that keeps what it was given, or does not. */
export class Relay {
  readonly id: RelayId
  up = true
  /** `undefined` where it lost one. */
  readonly entries: (Item | undefined)[] = []
  readonly stored: Set<InnerId> = new Set()

  constructor(id: RelayId) {
    this.id = id
  }

  put(item: Item): void {
    if (this.stored.has(item.innerId)) return
    this.stored.add(item.innerId)
    this.entries.push(item)
  }
}
