import type { Stream } from '@libp2p/interface'

const MAX_PREFIX_BYTES = 4

/**
 * Ends a stream once a length-prefixed message on it claims to be larger than `maxBytes`: the first one, or any. libp2p takes up
 * to 4 MiB, which may hold two million addresses, for messages that honest peers send in some hundred bytes. Call it before
 * anybody else listens to the stream.
 */
export function boundMessages(stream: Stream, maxBytes: number, which: 'first' | 'all'): void {
  const lengths = new Lengths(maxBytes, which)
  const look = (event: { readonly data: { subarray(): Uint8Array }; stopImmediatePropagation(): void }): void => {
    const seen = lengths.take(event.data.subarray())
    if (seen === 'too-large') {
      event.stopImmediatePropagation()
      stream.abort(new Error('a message was too large'))
    }
    if (seen !== undefined && which === 'first') stream.removeEventListener('message', look)
  }
  stream.addEventListener('message', look)
}

/** Follows the lengths of the messages of one stream, and keeps nothing of them. */
class Lengths {
  readonly #maxBytes: number
  readonly #which: 'first' | 'all'
  /** Of the present message: what is still to come, or its length as far as it is known. */
  #left = 0
  #length = 0
  #prefixBytes = 0

  constructor(maxBytes: number, which: 'first' | 'all') {
    this.#maxBytes = maxBytes
    this.#which = which
  }

  /** Whether a length became known among these bytes, or one that is not allowed. */
  take(bytes: Uint8Array): 'fits' | 'too-large' | undefined {
    let seen: 'fits' | undefined
    for (let at = 0; at < bytes.length;) {
      const skipped = Math.min(this.#left, bytes.length - at)
      this.#left -= skipped
      at += skipped
      if (at === bytes.length) break
      const byte = bytes[at++] ?? 0
      this.#length += (byte & 0x7f) * 2 ** (7 * this.#prefixBytes)
      this.#prefixBytes += 1
      if (this.#length > this.#maxBytes || this.#prefixBytes > MAX_PREFIX_BYTES) return 'too-large'
      if (byte >= 0x80) continue
      // What follows the first message may be no message.
      if (this.#which === 'first') return 'fits'
      seen = 'fits'
      this.#left = this.#length
      this.#length = 0
      this.#prefixBytes = 0
    }
    return seen
  }
}
