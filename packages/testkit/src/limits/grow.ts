import { concat } from 'uint8arrays/concat'

/**
 * The same encoded message, with that many items in the list at `path`: the numbers of the fields that lead to it. The first item there is
 * repeated, or `item` if there is none. For the attacker's side of a test: our own encoders refuse what is too long.
 */
export function withItems(message: Uint8Array, path: readonly number[], count: number, item?: Uint8Array): Uint8Array {
  const [field = 0, ...deeper] = path
  const records = recordsOf(message)
  if (deeper.length === 0 && item !== undefined && !records.some((each) => each.field === field)) {
    const next = records.findIndex((each) => each.field > field)
    const made = { field, payload: item, bytes: record(field, item) }
    records.splice(next === -1 ? records.length : next, 0, made)
  }
  const at = records.findIndex((each) => each.field === field)
  const first = records[at]
  if (first === undefined) throw new RangeError(`The message has no field ${field}.`)
  const before = records.slice(0, at).map(({ bytes }) => bytes)
  if (deeper.length > 0) {
    const after = records.slice(at + 1).map(({ bytes }) => bytes)
    return concat([...before, record(field, withItems(first.payload, deeper, count, item)), ...after])
  }
  const after = records.slice(at).filter((each) => each.field !== field)
  return concat([...before, ...Array.from({ length: count }, () => first.bytes), ...after.map(({ bytes }) => bytes)])
}

/** The same for a list of numbers, which is one record: the numbers 1, 2, 3, …. */
export function withNumbers(message: Uint8Array, path: readonly number[], count: number): Uint8Array {
  const [field = 0, ...deeper] = path
  const numbers = concat(Array.from({ length: count }, (_, index) => varint(index + 1)))
  const records = recordsOf(message)
  if (!records.some((each) => each.field === field)) throw new RangeError(`The message has no field ${field}.`)
  return concat(
    records.map((each) => {
      if (each.field !== field) return each.bytes
      return record(field, deeper.length > 0 ? withNumbers(each.payload, deeper, count) : numbers)
    }),
  )
}

interface Found {
  readonly field: number
  readonly payload: Uint8Array
  readonly bytes: Uint8Array
}

function recordsOf(message: Uint8Array): Found[] {
  const found: Found[] = []
  for (let at = 0; at < message.length;) {
    const from = at
    const [key, afterKey] = readVarint(message, at)
    const [value, afterValue] = readVarint(message, afterKey)
    const isBytes = key % 8 === 2
    at = isBytes ? afterValue + value : afterValue
    const payload = isBytes ? message.subarray(afterValue, at) : new Uint8Array(0)
    found.push({ field: Math.floor(key / 8), payload, bytes: message.subarray(from, at) })
  }
  return found
}

function record(field: number, payload: Uint8Array): Uint8Array {
  return concat([varint(field * 8 + 2), varint(payload.length), payload])
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80)
  return Uint8Array.from([...bytes, rest])
}

function readVarint(bytes: Uint8Array, from: number): [value: number, to: number] {
  let value = 0
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    value += (byte & 0x7f) * 2 ** (7 * (at - from))
    if (byte < 0x80) return [value, at + 1]
  }
  throw new RangeError('The message ends too early.')
}
