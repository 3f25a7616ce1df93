import { joined } from './noise.ts'
import { bytesRecord, varint } from './records.ts'

/** What a length or a number is set to where at most `max` is right. */
export function extremes(max: number): bigint[] {
  return [0n, 1n, BigInt(max) - 1n, BigInt(max), 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n]
}

/** The same message once for each of its lengths and numbers, at any depth, and each extreme that can be put there. */
export function withExtremes(message: Uint8Array, max: number): Uint8Array[] {
  const records = parse(message) ?? []
  return records.flatMap(({ key, value, payload, from, to }) => {
    const wrong = extremes(max).map((extreme) => joined(key, varint(extreme), payload ?? new Uint8Array(0)))
    const inside = payload === undefined ? [] : withExtremes(payload, max)
    const field = Math.floor(value / 8)
    return [...wrong, ...inside.map((changed) => bytesRecord(field, changed))].map((record) =>
      joined(message.subarray(0, from), record, message.subarray(to)),
    )
  })
}

interface Record {
  readonly key: Uint8Array
  /** The key as a number: the field and the wire type. */
  readonly value: number
  /** Undefined for a number. */
  readonly payload: Uint8Array | undefined
  readonly from: number
  readonly to: number
}

/** The records of what looks like a message; undefined when it does not. Bytes that look like one by chance are changed like one. */
function parse(bytes: Uint8Array): Record[] | undefined {
  const records: Record[] = []
  for (let at = 0; at < bytes.length;) {
    const from = at
    const key = readVarint(bytes, at)
    const number = key === undefined ? undefined : readVarint(bytes, key.to)
    if (key === undefined || number === undefined || key.value < 8) return undefined
    const isBytes = key.value % 8 === 2
    at = isBytes ? number.to + number.value : number.to
    if ((!isBytes && key.value % 8 !== 0) || at > bytes.length) return undefined
    const payload = isBytes ? bytes.subarray(number.to, at) : undefined
    records.push({ key: bytes.subarray(from, key.to), value: key.value, payload, from, to: at })
  }
  return records
}

function readVarint(bytes: Uint8Array, from: number): { value: number; to: number } | undefined {
  let value = 0
  for (let at = from; at < bytes.length && at < from + 10; at++) {
    const byte = bytes[at] ?? 0
    value += (byte & 0x7f) * 2 ** (7 * (at - from))
    if (byte < 0x80) return { value, to: at + 1 }
  }
  return undefined
}
