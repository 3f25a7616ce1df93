/** A small seeded generator (mulberry32): the same seed gives the same attack everywhere. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** That many messages: a quarter noise, half good ones changed, a quarter good ones in any order. */
export function hostileMessages(seed: number, count: number, good: readonly Uint8Array[]): Uint8Array[] {
  const random = seeded(seed)
  const pick = (): Uint8Array => good[Math.floor(random() * good.length)] ?? new Uint8Array(1)
  return Array.from({ length: count }, (_, index) => {
    if (index % 4 === 0) return noise(random, 600)
    return index % 4 === 3 ? pick() : mutated(random, pick(), pick())
  })
}

function noise(random: () => number, maxLength: number): Uint8Array {
  const bytes = new Uint8Array(1 + Math.floor(random() * maxLength))
  // Small numbers look like records.
  const below = random() < 0.5 ? 48 : 256
  for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * below)
  return bytes
}

/** One to four of the things that happen to bytes. */
function mutated(random: () => number, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let now = bytes
  for (let step = Math.floor(random() * 4); step >= 0; step--) now = once(random, now, other)
  return now.length === 0 ? Uint8Array.of(0) : now
}

function once(random: () => number, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const at = Math.floor(random() * (bytes.length + 1))
  const end = Math.min(bytes.length, at + Math.floor(random() * 40))
  const [before, span, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)]
  switch (Math.floor(random() * 7)) {
    case 0:
      return before
    case 1:
      return joined(before, after)
    case 2:
      return joined(before, span, span, after)
    case 3:
      return joined(before, noise(random, 12), bytes.subarray(at))
    case 4:
      return joined(before, other.subarray(Math.min(at, other.length)))
    case 5:
      return joined(bytes, other)
    default: {
      const flipped = bytes.slice()
      if (flipped.length > 0) flipped[at % flipped.length] = (flipped[at % flipped.length] ?? 0) ^ (1 << (random() * 8))
      return flipped
    }
  }
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
