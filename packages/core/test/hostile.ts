import type { Dice } from './random.ts'

/** A message with one to four bytes changed, removed, put in or repeated; sometimes nothing but noise. */
export function mutated(bytes: Uint8Array, dice: Dice): Uint8Array {
  if (dice.chance(0.1)) return dice.bytes(dice.below(400))
  let changed = Array.from(bytes)
  for (let times = dice.below(4); times >= 0; times--) {
    const at = dice.below(changed.length)
    const kind = dice.below(4)
    if (kind === 0) changed[at] = dice.below(256)
    else if (kind === 1) changed = changed.toSpliced(at, 1 + dice.below(8))
    else if (kind === 2) changed = changed.toSpliced(at, 0, ...dice.bytes(1 + dice.below(8)))
    else changed = changed.toSpliced(at, 0, ...changed.slice(at, at + dice.below(40)))
  }
  return Uint8Array.from(changed)
}
