import { framePrefix } from '../../src/frame-reader.ts'
import { joined } from './noise.ts'

/** A message as it stands on a stream: its length, then itself. */
export function framed(message: Uint8Array): Uint8Array {
  return joined(framePrefix(message.length), message)
}

/** The messages in what was sent on a stream. */
export function unframed(chunks: readonly Uint8Array[]): Uint8Array[] {
  const bytes = joined(...chunks)
  const messages: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    let length = 0
    for (let scale = 0; ; scale++) {
      const byte = bytes[at++] ?? 0
      length += (byte & 0x7f) * 2 ** (7 * scale)
      if (byte < 0x80) break
    }
    messages.push(bytes.slice(at, at + length))
    at += length
  }
  return messages
}
