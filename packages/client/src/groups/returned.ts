import type { Leaf } from '@sotto/group'
import type { DeviceId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import type { Control, Kept } from './control.ts'

/** Who asks, and what it has seen itself. */
type Asking = Pick<Conversation, 'state'>

/**
 * Of the leaves that a commit adds, the devices that were away: granted anew, after they had been in under the place that their account has still. Whoever was
 * out by a decision in between begins anew. That one was in is known of those that were in while this device was; of earlier ones it is taken from the path.
 */
export function returnedAmong(asking: Asking, control: Control, added: readonly Leaf[]): DeviceId[] {
  return added.filter((leaf) => isReturned(asking, control, leaf)).map(({ device }) => device)
}

function isReturned({ state }: Asking, control: Control, { device, grant }: Leaf): boolean {
  const kept = control.kept.get(grant)
  const account = control.accountOf(device)
  const place = control.view.accounts.find((entry) => entry.account === account)?.grant
  if (kept?.thing.body.kind !== 'grant' || place === undefined) return false
  const record = state.devices.find((known) => known.device === device)
  const wasSeen = record !== undefined && record.past !== true
  const past = control.pastOf(grant)
  const ways = waysIn(control)
  const ownWay = ways.findLast(({ leaf }) => leaf.device === state.self)?.at ?? 0
  return ways.some(({ at, leaf, by }) => {
    if (leaf.device !== device || leaf.grant === grant || !past.has(by)) return false
    const isUnderPlace = leaf.grant === place || control.pastOf(leaf.grant).has(place)
    return isUnderPlace && (wasSeen || at < ownWay)
  })
}

/** By which step of the path each leaf came in: its founders by the first. */
function waysIn(control: Control): { at: number; leaf: Leaf; by: Leaf['grant'] }[] {
  return control.view.path.flatMap((epochId, at) => {
    const kept = at === 0 ? creates(control) : control.commitTo(epochId)
    return kept === undefined ? [] : leavesOf(kept).map((leaf) => ({ at, leaf, by: kept.thing.id }))
  })
}

function creates({ kept }: Control): Kept | undefined {
  return [...kept.values()].find(({ thing }) => thing.body.kind === 'create')
}

function leavesOf({ thing: { id, body }, introduced }: Kept): readonly Leaf[] {
  if (body.kind === 'create') return introduced.map(({ device }) => ({ device, grant: id }))
  return body.kind === 'commit' ? body.added : []
}
