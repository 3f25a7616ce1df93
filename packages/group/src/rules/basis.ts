import type { DeviceId, EpochId, ThingId } from '@sotto/interface'
import { analyzeSet } from './analysis.ts'
import { meaningOf } from './analyze.ts'
import { ARENA, type ControlLog } from './control-log.ts'
import { pastOf } from './judge.ts'
import { MAX_HEADS_COVERED } from './limits.ts'
import type { Node } from './node.ts'
import { compareStanding } from './seniority.ts'

/** What the next thing of a device says beside its body. */
export interface Basis {
  readonly seq: number
  readonly prev?: ThingId
  /** Heads that `prev` does not cover. */
  readonly deps: readonly ThingId[]
  readonly lamport: number
  readonly epoch: EpochId
}

/**
 * What a device's next thing stands on: all heads, or as many as fit. With more than `MAX_HEADS_COVERED`, which only a flood of forks makes, those
 * of forked devices wait for the next thing; lamport and epoch are those of what is covered, without which the thing would count for nothing.
 */
export function basisFor(log: ControlLog, device: DeviceId): Basis {
  const { set, analysis } = meaningOf(log)
  const { nodes } = log[ARENA]
  const { forks, latest } = analysis.facts
  const last = latest.get(device)
  const heads = set.heads.flatMap((index) => nodes[index] ?? []).filter((head) => head !== last)
  const isForked = ({ thing }: Node): number => Number(forks.has(thing.device))
  const covered = heads
    .toSorted((a, b) => isForked(a) - isForked(b) || compareStanding(a, b))
    .slice(0, MAX_HEADS_COVERED)
  const under =
    covered.length === heads.length ? set : pastOf([...covered, ...(last === undefined ? [] : [last])], log.size)
  const { facts, tip } = analyzeSet(log[ARENA], under)
  return {
    seq: (last?.thing.seq ?? 0) + 1,
    ...(last === undefined ? {} : { prev: last.id }),
    deps: covered.map(({ id }) => id),
    lamport: facts.lamport + 1,
    epoch: tip.id,
  }
}
