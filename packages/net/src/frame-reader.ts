/** Why a byte stream is no sequence of frames. */
export type FrameFault = 'too-large' | 'malformed' | 'overflow'

/** What can be taken out of a {@link FrameReader} at the moment. */
export type NextFrame = { readonly frame: Uint8Array } | { readonly fault: FrameFault } | undefined

const FIRST_SIZE = 4_096
const MAX_PREFIX_BYTES = 4

/**
 * Cuts a byte stream into frames: an unsigned varint (canonical, at most four bytes) with the length, then that many
 * bytes. Keeps at most `maxFrame + slack` bytes, grown by doubling, so that neither one large chunk nor a million small
 * ones cost more than what was really received. Total: bytes never make it throw.
 */
export class FrameReader {
  readonly #maxFrame: number
  readonly #maxHeld: number
  #buffer: Uint8Array = new Uint8Array(0)
  #start = 0
  #end = 0

  constructor(maxFrame: number, slack: number) {
    this.#maxFrame = maxFrame
    this.#maxHeld = maxFrame + slack
  }

  /** Bytes received and not yet taken. */
  get held(): number {
    return this.#end - this.#start
  }

  /** Takes over a chunk by copying it. Answers false when more would be held than is allowed. */
  push(chunk: Uint8Array): boolean {
    if (this.held + chunk.length > this.#maxHeld) return false
    this.#makeRoom(chunk.length)
    this.#buffer.set(chunk, this.#end)
    this.#end += chunk.length
    return true
  }

  /** The next whole frame (a copy of its own), or `undefined` while it is not there yet. */
  next(): NextFrame {
    const prefix = this.#prefix()
    if (prefix === undefined || 'fault' in prefix) return prefix
    if (this.held < prefix.bytes + prefix.length) return undefined
    const from = this.#start + prefix.bytes
    const frame = this.#buffer.slice(from, from + prefix.length)
    this.#start = from + prefix.length
    if (this.#start === this.#end) this.#release()
    return { frame }
  }

  #prefix(): { bytes: number; length: number } | { fault: FrameFault } | undefined {
    let length = 0
    for (let index = 0; index < MAX_PREFIX_BYTES; index++) {
      if (index >= this.held) return undefined
      const byte = this.#buffer[this.#start + index] ?? 0
      length += (byte & 0x7f) * 2 ** (7 * index)
      if (length > this.#maxFrame) return { fault: 'too-large' }
      if (byte >= 0x80) continue
      const padded = byte === 0 && index > 0
      return padded || length === 0 ? { fault: 'malformed' } : { bytes: index + 1, length }
    }
    return { fault: 'malformed' }
  }

  #makeRoom(more: number): void {
    if (this.#end + more <= this.#buffer.length) return
    const held = this.#buffer.subarray(this.#start, this.#end)
    const needed = held.length + more
    const fits = needed <= this.#buffer.length / 2
    const target = fits
      ? this.#buffer
      : new Uint8Array(Math.max(FIRST_SIZE, needed, Math.min(needed * 2, this.#maxHeld)))
    target.set(held)
    this.#buffer = target
    this.#start = 0
    this.#end = held.length
  }

  /** An idle stream keeps no memory of its largest frame. */
  #release(): void {
    if (this.#buffer.length > FIRST_SIZE) this.#buffer = new Uint8Array(0)
    this.#start = 0
    this.#end = 0
  }
}

/** A frame's length as a canonical varint. */
export function framePrefix(length: number): Uint8Array {
  const bytes: number[] = []
  let rest = length
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return Uint8Array.from(bytes)
}
