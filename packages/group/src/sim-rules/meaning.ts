import { isWellFormed, meaningOf } from '../rules/analyze.ts'
import { thingsOf, type ControlLog } from '../rules/control-log.ts'
import type { Leaf } from '../rules/thing.ts'

/** What the specification's vectors say about a set of things. */
export interface Meaning {
  readonly title: string
  readonly tip: string
  readonly path: readonly string[]
  readonly final: string
  readonly accounts: readonly string[]
  readonly desired: readonly string[]
  readonly tree: readonly string[]
  readonly forked: readonly string[]
  readonly valid: readonly string[]
  readonly countsForNothing: readonly string[]
}

export function meaningFor(log: ControlLog): Meaning {
  const { view, analysis } = meaningOf(log)
  const names = (leaves: readonly Leaf[]): string[] =>
    leaves.map(({ device, grant }) => `${device}@${grant}`).toSorted()
  return {
    title: view.title,
    tip: view.tip,
    path: view.path,
    final: view.final,
    accounts: view.accounts.map(({ account, role }) => `${account} ${role}`),
    desired: names(view.desired),
    tree: names(view.tree),
    forked: view.forked,
    valid: analysis.membership.nodes.map(({ id }) => id).toSorted(),
    countsForNothing: thingsOf(log).flatMap((thing) => (isWellFormed(log, thing) ? [] : [thing.id])),
  }
}
