import type { Change, GenerationId, Store } from '@sotto/interface'
import { fromString, toString } from 'uint8arrays'

/** A relay refuses beyond 4,096 entries in a content lane, and beyond each device's part of as many in a control lane. */
const CONTENT_ENTRIES = 3_072
const CONTROL_ENTRIES = 1_024

/** How many entries of a generation's lanes this device has put or read: what tells that a new generation is wanted. */
export class LaneUse {
  readonly #key: string
  #content: number
  #control: number

  private constructor(key: string, content: number, control: number) {
    this.#key = key
    this.#content = content
    this.#control = control
  }

  static async load(store: Store, generation: GenerationId): Promise<LaneUse> {
    const key = `lane use ${generation}`
    const row = await store.get('meta', [key])
    const [content = 0, control = 0] = row === undefined ? [] : toString(row.value).split(' ').map(Number)
    return new LaneUse(key, content, control)
  }

  get isNearlyFull(): boolean {
    return this.#content >= CONTENT_ENTRIES || this.#control >= CONTROL_ENTRIES
  }

  /** Counts entries; the answer keeps the count and goes into the transaction that they belong to. */
  add(lane: 'content' | 'control', entries: number): Change {
    if (lane === 'content') this.#content += entries
    else this.#control += entries
    return { put: 'meta', row: { key: this.#key, value: fromString(`${this.#content} ${this.#control}`) } }
  }
}
