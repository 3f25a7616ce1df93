import { watchSealing } from './message-oracles.ts'
import { check } from './oracles.ts'
import { play, worldOf, type Settings } from './run.ts'
import type { World } from './world.ts'

export interface Report {
  readonly seeds: number
  readonly failed: number
  /** Worlds by the kind of failure, with the one of the fewest things as an example. */
  readonly kinds: Record<string, { worlds: number; seed: number; things: number; text: string }>
  readonly counts: Record<string, number>
  readonly perSecond: number
}

/** Plays one world and checks it. */
export function runSeed(seed: number, settings: Settings): World {
  const world = worldOf(seed, settings)
  watchSealing(world)
  play(world, settings)
  check(world)
  return world
}

/** Plays the worlds `from` to `to`, both included. */
export function runSeeds({ from, to, ...settings }: Settings & { from: number; to: number }): Report {
  const began = performance.now()
  const kinds: Report['kinds'] = {}
  const counts: Record<string, number> = {}
  let failed = 0
  for (let seed = from; seed <= to; seed++) {
    const world = runSeed(seed, settings)
    const things = world.arena.nodes.length
    counts['things'] = (counts['things'] ?? 0) + things
    for (const [what, count] of world.counts)
      counts[what] = what.startsWith('most') ? Math.max(counts[what] ?? 0, count) : (counts[what] ?? 0) + count
    if (world.failures.length > 0) failed++
    for (const kind of new Set(world.failures.map((one) => one.kind))) {
      const text = world.failures.find((one) => one.kind === kind)?.text ?? ''
      const before = kinds[kind]
      const example = before === undefined || things < before.things ? { seed, things, text } : before
      kinds[kind] = { ...example, worlds: (before?.worlds ?? 0) + 1 }
    }
  }
  const seeds = to - from + 1
  return { seeds, failed, kinds, counts, perSecond: Math.round((seeds / (performance.now() - began)) * 1000) }
}
