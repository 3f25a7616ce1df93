import type { Span } from '../sim-rules/pieces.ts'
import { mergedCounts } from '../sim-rules/seeds.ts'
import { runGroup, type GroupSettings } from './groups.ts'

/** What came of some worlds. */
export interface GroupReport {
  readonly seeds: number
  readonly failed: number
  /** Worlds by the kind of failure. */
  readonly kinds: Readonly<Record<string, number>>
  /** The first failure of each world that failed, by seed. */
  readonly failures: readonly { readonly seed: number; readonly text: string; readonly of: number }[]
  readonly counts: Readonly<Record<string, number>>
}

export const NOTHING: GroupReport = { seeds: 0, failed: 0, kinds: {}, failures: [], counts: {} }

const MOST_FAILURES = 20

/** Plays the worlds `from` to `to`, both included. */
export async function runGroups(settings: GroupSettings, { from, to }: Span): Promise<GroupReport> {
  let report = NOTHING
  for (let seed = from; seed <= to; seed++) {
    const { failures, counts } = await runGroup(seed, settings)
    const [first] = failures
    const failed = first === undefined ? [] : [{ seed, text: `${first.kind}: ${first.text}`, of: failures.length }]
    const kinds = Object.fromEntries(failures.map(({ kind }) => [kind, 1]))
    report = merged(report, { seeds: 1, failed: failed.length, kinds, failures: failed, counts })
  }
  return report
}

/** What two reports say together, in whatever order. */
export function merged(a: GroupReport, b: GroupReport): GroupReport {
  const failures = [...a.failures, ...b.failures].toSorted((left, right) => left.seed - right.seed)
  return {
    seeds: a.seeds + b.seeds,
    failed: a.failed + b.failed,
    kinds: mergedCounts(a.kinds, b.kinds),
    failures: failures.slice(0, MOST_FAILURES),
    counts: mergedCounts(a.counts, b.counts),
  }
}
