import { pushVarint } from './varint.ts'

const ID_BYTES = 32
/** What is shorter costs as much to point at as to say. */
const SHORTEST = 8

/** Ids of the things so far by name, with their places, and how they begin. */
export interface Ids {
  readonly known: Map<string, number>
  readonly starts: Set<number>
}

/**
 * A run of records as tokens: literal bytes (0), what stood so many bytes before in this run (1), the id of the thing at a place (2), the end of a
 * record (3). Each token is a varint, its kind the two lowest bits.
 */
export class PackedRun {
  count = 0
  readonly #tokens: number[]
  readonly #plain: number[] = []
  /** Where four bytes stood last, by their value. */
  readonly #seen = new Map<number, number>()

  constructor(mark: number) {
    this.#tokens = [mark]
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#tokens)
  }

  /** False, and nothing has changed, when the run would become longer than that, packed or plain. */
  add(record: Uint8Array, ids: Ids, maxPacked: number, maxPlain: number): boolean {
    const [tokens, plain] = [this.#tokens.length, this.#plain.length]
    if (plain + record.length > maxPlain) return false
    let from = 0
    for (let at = 0; at < record.length;) {
      const found = this.#idAt(record, at, ids) ?? this.#matchAt(record, at, plain)
      this.#note(record, at, plain + at)
      if (found === undefined) {
        at += 1
        continue
      }
      this.#literal(record.subarray(from, at))
      for (const value of found.token) pushVarint(this.#tokens, value)
      at += found.size
      from = at
    }
    this.#literal(record.subarray(from))
    pushVarint(this.#tokens, 3)
    if (this.#tokens.length > maxPacked) {
      this.#tokens.length = tokens
      return false
    }
    for (const byte of record) this.#plain.push(byte)
    this.count += 1
    return true
  }

  #literal(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    pushVarint(this.#tokens, bytes.length * 4)
    for (const byte of bytes) this.#tokens.push(byte)
  }

  #idAt(record: Uint8Array, at: number, { known, starts }: Ids): Found | undefined {
    if (at + ID_BYTES > record.length || !starts.has(fourAt(record, at))) return undefined
    const place = known.get(record.subarray(at, at + ID_BYTES).join())
    return place === undefined ? undefined : { size: ID_BYTES, token: [place * 4 + 2] }
  }

  /** The longest repetition of what this run has said before this record. */
  #matchAt(record: Uint8Array, at: number, plain: number): Found | undefined {
    const before = at + 4 > record.length ? undefined : this.#seen.get(fourAt(record, at))
    if (before === undefined || before >= plain) return undefined
    let size = 0
    while (at + size < record.length && before + size < plain && record[at + size] === this.#plain[before + size])
      size += 1
    return size < SHORTEST ? undefined : { size, token: [size * 4 + 1, plain + at - before] }
  }

  #note(record: Uint8Array, at: number, place: number): void {
    if (at + 4 <= record.length) this.#seen.set(fourAt(record, at), place)
  }
}

interface Found {
  readonly size: number
  readonly token: readonly number[]
}

function fourAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
}
