import { watchSealing } from './message-oracles.ts'
import { check } from './oracles.ts'
import type { Span } from './pieces.ts'
import { play, worldOf, type Settings } from './run.ts'
import type { World } from './world.ts'

export interface Report {
  readonly seeds: number
  readonly failed: number
  /** Worlds by the kind of failure, with the one of the fewest things as an example. */
  readonly kinds: Readonly<Record<string, Kind>>
  readonly counts: Readonly<Record<string, number>>
}

interface Kind {
  readonly worlds: number
  readonly seed: number
  readonly things: number
  readonly text: string
}

export const NOTHING: Report = { seeds: 0, failed: 0, kinds: {}, counts: {} }

/** Plays one world and checks it. */
export function runSeed(seed: number, settings: Settings): World {
  const world = worldOf(seed, settings)
  watchSealing(world)
  play(world, settings)
  check(world)
  return world
}

/** Plays the worlds `from` to `to`, both included. */
export function runSeeds({ from, to, ...settings }: Settings & Span): Report {
  let report = NOTHING
  for (let seed = from; seed <= to; seed++) report = merged(report, reportOn(runSeed(seed, settings)))
  return report
}

function reportOn(world: World): Report {
  const { seed, failures } = world
  const things = world.arena.nodes.length
  const kinds: Record<string, Kind> = {}
  for (const { kind, text } of failures) kinds[kind] ??= { worlds: 1, seed, things, text }
  return {
    seeds: 1,
    failed: Number(failures.length > 0),
    kinds,
    counts: { things, ...Object.fromEntries(world.counts) },
  }
}

/** What two reports say together, in whatever order. */
export function merged(a: Report, b: Report): Report {
  const kinds: Record<string, Kind> = { ...a.kinds }
  for (const [name, kind] of Object.entries(b.kinds)) {
    const other = kinds[name]
    const isExample = other === undefined || (kind.things - other.things || kind.seed - other.seed) < 0
    kinds[name] = { ...(isExample ? kind : other), worlds: kind.worlds + (other?.worlds ?? 0) }
  }
  return { seeds: a.seeds + b.seeds, failed: a.failed + b.failed, kinds, counts: mergedCounts(a.counts, b.counts) }
}

/** Sums, and the greatest of what counts a most. */
export function mergedCounts(a: Report['counts'], b: Report['counts']): Report['counts'] {
  const counts = { ...a }
  for (const [what, count] of Object.entries(b)) {
    const before = counts[what] ?? 0
    counts[what] = what.startsWith('most') ? Math.max(before, count) : before + count
  }
  return counts
}
