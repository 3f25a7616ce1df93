import type { CommitPlan, Leaf } from '@sotto/group'
import type { DeviceId } from '@sotto/interface'
import type { Control } from './control.ts'

/**
 * How long a device waits for each one before it in the order, in milliseconds: the first fifteen, and those after. Anybody may commit, and
 * the rules choose among those who do at once; waiting only makes that rare.
 */
const [NEAR_MS, NEAR, FAR_MS] = [20_000, 15, 2_000]
/** The same for new keys on which nothing waits. */
const UNHURRIED_MS = 6 * 3_600_000

/** How long this device leaves a change to those before it: none for the first. Undefined for a device that may not commit. */
export function changeWait(control: Control, device: DeviceId, { added }: CommitPlan): number | undefined {
  const order = committers(control)
  // Among devices of one account, whoever has linked a new one takes it in: it is the one that the new one talks with.
  const granters = control.view.is === 'self' ? grantersOf(control, added) : []
  return waitAt(
    [...order.filter((one) => granters.includes(one)), ...order.filter((one) => !granters.includes(one))],
    device,
  )
}

/** The same for new keys that are needed because mailboxes are full. */
export function roomWait(control: Control, device: DeviceId): number | undefined {
  return waitAt(committers(control), device)
}

/**
 * The same for new keys because the old ones are old. Each epoch it is another device's turn, so that all leaf keys become new in the course
 * of time: a copy of old ones opens nothing any more.
 */
export function renewalWait(control: Control, device: DeviceId): number | undefined {
  const order = committers(control)
  const first = control.view.path.length % Math.max(1, order.length)
  const place = [...order.slice(first), ...order.slice(0, first)].indexOf(device)
  return place < 0 ? undefined : place * UNHURRIED_MS
}

/** Devices that are in the tree and should be: the most senior account's first; in a pair that of whoever was said hello to. */
function committers(control: Control): readonly DeviceId[] {
  const { view } = control
  const desired = new Set(view.desired.map(nameOf))
  const staying = view.tree.filter((leaf) => desired.has(nameOf(leaf)))
  const accounts = view.is === 'pair' ? view.accounts.toReversed() : view.accounts
  return accounts.flatMap(({ account }) =>
    staying.filter(({ device }) => control.accountOf(device) === account).map(({ device }) => device),
  )
}

function grantersOf(control: Control, added: readonly Leaf[]): readonly DeviceId[] {
  return added.flatMap(({ grant }) => control.kept.get(grant)?.thing.device ?? [])
}

function waitAt(order: readonly DeviceId[], device: DeviceId): number | undefined {
  const place = order.indexOf(device)
  return place < 0 ? undefined : waitAtPlace(place)
}

/** How long whoever has so many before it in an order leaves something to them, in milliseconds. */
export function waitAtPlace(place: number): number {
  return Math.min(place, NEAR) * NEAR_MS + Math.max(0, place - NEAR) * FAR_MS
}

function nameOf({ device, grant }: Leaf): string {
  return `${device} ${grant}`
}
