import { authorOf } from '../rules/judge.ts'
import type { Body } from '../rules/thing.ts'
import { isWellFormedIn } from '../rules/well-formed.ts'
import { idFor, type Device, type World } from './world.ts'

/** Whether a thing of this device would count now. */
export function wellFormedFor(world: World, device: Device, body: Body): boolean {
  const { analysis, known, id, account } = device
  const author = authorOf(
    analysis,
    { account: account.id, device: id, id: idFor(world, 'none') },
    analysis.facts.lamport + 1,
  )
  const thing = { account: account.id, device: id, epoch: analysis.tip.id, body }
  return isWellFormedIn({ arena: world.arena, past: known, before: analysis, thing, author })
}
