import type { ControlLog, Thing } from '@sotto/group'
import type { AccountId, ThingId } from '@sotto/interface'

/** The accounts of what waits here for a thing, or for what waits for it. */
export function accountsStandingOn({ parked }: ControlLog, id: ThingId): readonly AccountId[] {
  const named = new Map<ThingId, Thing[]>()
  for (const thing of parked.values())
    for (const name of [...thing.deps, ...(thing.prev === undefined ? [] : [thing.prev])]) {
      const others = named.get(name)
      if (others === undefined) named.set(name, [thing])
      else others.push(thing)
    }
  const accounts = new Set<AccountId>()
  const [open, met] = [[id], new Set([id])]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const thing of named.get(next) ?? []) {
      accounts.add(thing.account)
      if (met.has(thing.id)) continue
      met.add(thing.id)
      open.push(thing.id)
    }
  return [...accounts]
}
