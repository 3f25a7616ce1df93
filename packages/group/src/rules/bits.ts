/** A set of small numbers (indexes of things): 32 to a word, as long as its greatest member needs. Never changed once it is shared. */
export type Bits = Uint32Array

export function emptyBits(count: number): Bits {
  return new Uint32Array((count + 31) >>> 5)
}

/** The numbers below `count`. */
export function firstBits(count: number): Bits {
  const bits = emptyBits(count).fill(0xffff_ffff)
  if (count % 32 !== 0) bits[bits.length - 1] = 2 ** (count % 32) - 1
  return bits
}

export function hasBit(bits: Bits, index: number): boolean {
  return (((bits[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1
}

/** Puts a number in; the set must be long enough. */
export function putBit(bits: Bits, index: number): void {
  const word = index >>> 5
  bits[word] = (bits[word] ?? 0) | (1 << (index & 31))
}

/** Puts all of `others` in; the set must be long enough. */
export function putAll(bits: Bits, others: Bits): void {
  for (let word = 0; word < others.length; word++) bits[word] = (bits[word] ?? 0) | (others[word] ?? 0)
}

/** Members of `bits` that are not in `without`, ascending. */
export function bitsOf(bits: Bits, without?: Bits): number[] {
  const found: number[] = []
  for (let word = 0; word < bits.length; word++) {
    let rest = (bits[word] ?? 0) & ~(without?.[word] ?? 0)
    while (rest !== 0) {
      const lowest = rest & -rest
      found.push(word * 32 + 31 - Math.clz32(lowest))
      rest ^= lowest
    }
  }
  return found
}

export function countBits(bits: Bits): number {
  let count = 0
  for (let word of bits) for (; word !== 0; word &= word - 1) count++
  return count
}
