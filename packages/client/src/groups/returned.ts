import type { Leaf } from '@sotto/group'
import type { DeviceId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import type { Control } from './control.ts'

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
  const ownWay = Math.max(0, ...ways.filter(({ leaf }) => leaf.device === state.self).map(({ at }) => at))
  return ways.some(({ at, leaf, by }) => {
    if (leaf.device !== device || leaf.grant === grant || !past.has(by)) return false
    const isUnderPlace = leaf.grant === place || control.pastOf(leaf.grant).has(place)
    return isUnderPlace && (wasSeen || at < ownWay)
  })
}

/** By which step of the path each leaf came in: its founders by the first. More than one thing may say how an epoch came about. */
function waysIn(control: Control): { at: number; leaf: Leaf; by: Leaf['grant'] }[] {
  const places = new Map(control.view.path.map((epochId, at) => [epochId, at]))
  return [...control.kept.values()].flatMap(({ thing: { id, body }, introduced }) => {
    if (body.kind === 'create') return introduced.map(({ device }) => ({ at: 0, leaf: { device, grant: id }, by: id }))
    const at = body.kind === 'commit' ? places.get(body.child) : undefined
    if (body.kind !== 'commit' || at === undefined) return []
    return body.added.map((leaf) => ({ at, leaf, by: id }))
  })
}
