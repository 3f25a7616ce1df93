import type { Leaf } from '@sotto/group'
import type { DeviceId } from '@sotto/interface'
import type { Control, Kept } from './control.ts'

/**
 * Of the leaves that a commit adds, the devices that were away: granted anew, after they had been granted under the place that their account has
 * still. Whoever was out by a decision in between begins anew.
 */
export function returnedAmong(control: Control, added: readonly Leaf[]): DeviceId[] {
  return added.filter((leaf) => isReturned(control, leaf)).map(({ device }) => device)
}

function isReturned(control: Control, { device, grant }: Leaf): boolean {
  const kept = control.kept.get(grant)
  const account = control.accountOf(device)
  const place = control.view.accounts.find((entry) => entry.account === account)?.grant
  if (kept?.thing.body.kind !== 'grant' || place === undefined) return false
  const past = control.pastOf(grant)
  return [...past].some((id) => {
    const earlier = id === grant ? undefined : control.kept.get(id)
    if (earlier === undefined || !grants(earlier, device)) return false
    return id === place || control.pastOf(id).has(place)
  })
}

function grants({ thing: { body }, introduced }: Kept, device: DeviceId): boolean {
  if (body.kind === 'grant') return body.device === device
  return (body.kind === 'create' || body.kind === 'add') && introduced.some((entry) => entry.device === device)
}
