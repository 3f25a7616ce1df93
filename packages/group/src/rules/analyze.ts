import { SottoError, type DeviceId, type EpochId, type ThingId } from '@sotto/interface'
import { analyzeSet, type Analysis, type ClosedSet } from './analysis.ts'
import { firstBits } from './bits.ts'
import { ARENA, find, type ControlLog } from './control-log.ts'
import { firstOf } from './epoch.ts'
import { authorOf } from './judge.ts'
import { compareText } from './seniority.ts'
import type { Body, Thing } from './thing.ts'
import type { View } from './view.ts'
import { viewOf } from './view-of.ts'
import { isWellFormedIn } from './well-formed.ts'

interface Meaning {
  readonly set: ClosedSet
  readonly analysis: Analysis
  readonly view: View
}

const meanings = new WeakMap<ControlLog, Meaning>()

/** What the closed set of a log means. Computed once for each log; the log must have its create. */
export function analyze(log: ControlLog): View {
  return meaningOf(log).view
}

/** Whether a thing of the log counts by its own past (G2, G4). What is not here does not. */
export function isWellFormed(log: ControlLog, thing: Pick<Thing, 'id'>): boolean {
  return find(log, thing.id)?.isWellFormed ?? false
}

/** Whether a thing that `author` makes now, on top of everything here, would count. */
export function wouldBe(log: ControlLog, body: Body, author: Pick<Thing, 'account' | 'device'>): boolean {
  const { set, analysis } = meaningOf(log)
  const thing = { ...author, epoch: analysis.tip.id, body, id: '' as ThingId }
  const lamport = analysis.facts.lamport + 1
  const arena = log[ARENA]
  return isWellFormedIn({
    arena,
    past: set.members,
    before: analysis,
    thing,
    author: authorOf(analysis, thing, lamport),
  })
}

/** The deepest epoch that `device` may act upon: final by the past of the last thing that it made itself (G6). */
export function finalFor(log: ControlLog, device: DeviceId): EpochId {
  const { analysis } = meaningOf(log)
  const last = analysis.facts.latest.get(device)
  return last?.final.id ?? firstOf(analysis.tip).id
}

/** What a log means, with what only the rules look at. */
export function meaningOf(log: ControlLog): Meaning {
  const known = meanings.get(log)
  if (known !== undefined) return known
  if (log.size === 0)
    throw new SottoError('control-log-empty', 'This conversation has no beginning here: ask for its log first.')
  const { nodes } = log[ARENA]
  const members = firstBits(log.size)
  const set = { members, size: log.size, heads: log.heads }
  const analysis = analyzeSet(log[ARENA], set)
  const heads = log.heads.flatMap((index) => nodes[index]?.id ?? [])
  const meaning = { set, analysis, view: viewOf(analysis, heads.toSorted(compareText)) }
  meanings.set(log, meaning)
  return meaning
}
