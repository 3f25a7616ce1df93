import { determineLength } from 'ts-mls/codec/variableLength.js'
import { check, fromHex, type HexText } from './check.ts'

export async function deserialization(vector: { vlbytes_header: HexText; length: number }): Promise<void> {
  const header = fromHex(vector.vlbytes_header)
  const { length, lengthFieldSize } = determineLength(header)
  check(length === vector.length, 'length')
  check(lengthFieldSize === header.length, 'size of the header')
}
