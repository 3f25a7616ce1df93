/** Whole numbers below `limit`, always the same ones for a seed (mulberry32). */
export type Random = (limit: number) => number

export function randomFrom(seed: number): Random {
  let state = (seed * 7919 + 13) >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit)
  }
}

export function oneOf<T>(random: Random, all: readonly T[]): T | undefined {
  return all[random(all.length)]
}

export function shuffled<T>(random: Random, all: readonly T[]): T[] {
  const mixed = [...all]
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = random(i + 1)
    const [left, right] = [mixed[i], mixed[j]]
    if (left !== undefined && right !== undefined) [mixed[i], mixed[j]] = [right, left]
  }
  return mixed
}
