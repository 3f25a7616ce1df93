import { joined } from './noise.ts'

/** Any unsigned number of 64 bits as protobuf and libp2p write it. */
export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt(value)
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}

/** A protobuf record: bytes, text or a message. Nothing is checked, as in a program that was written to attack. */
export function bytesRecord(field: number, bytes: Uint8Array): Uint8Array {
  return joined(varint(field * 8 + 2), varint(bytes.length), bytes)
}

export function numberRecord(field: number, value: number | bigint): Uint8Array {
  return joined(varint(field * 8), varint(value))
}

/** The same record so many times, without making a list of them first. */
export function repeated(record: Uint8Array, count: number): Uint8Array {
  const bytes = new Uint8Array(record.length * count)
  for (let at = 0; at < bytes.length; at += record.length) bytes.set(record, at)
  return bytes
}
