import { bitsOf, putBit, type Bits } from '../rules/bits.ts'
import type { Epoch } from '../rules/epoch.ts'
import { open, takeIn } from './device.ts'
import { shuffled } from './random.ts'
import type { Device, World } from './world.ts'

/** One device takes from another what that one serves: things and sealed messages, all of them or some, in any order. */
export function pull(world: World, device: Device, from: Device, isAll: boolean): void {
  const served = servedBy(from, device)
  if (served === undefined) return
  const { random, arena, hidden } = world
  let indexes: number[] = []
  for (const index of bitsOf(served, device.known)) {
    if (device.waiting.has(index) || !(isAll || random(4) > 0)) continue
    const node = arena.nodes[index]
    const allowed = node === undefined || !from.isEvil || device.isEvil ? undefined : hidden.get(node)
    if (allowed === undefined || allowed.has(device)) indexes.push(index)
  }
  if (!isAll) {
    indexes = shuffled(random, indexes)
    if (random(3) === 0) indexes.length = Math.ceil(indexes.length / 2)
  }
  if (served === from.known)
    for (const message of from.received) if (isAll || random(4) > 0) device.received.add(message)
  if (indexes.length > 0) takeIn(world, device, indexes)
  open(world, device)
}

/**
 * What one serves another (G9): honest devices everything to those who are in; to those who are not the notice that they were removed, which is
 * the commit that did it and all that it stands on. Malicious ones serve everybody.
 */
function servedBy(from: Device, device: Device): Bits | undefined {
  const { membership, tip } = from.analysis
  const isIn = membership.seats.has(device.account.id) && !membership.gone.has(device.id)
  if (from.isEvil || isIn) return from.known
  for (let at: Epoch | undefined = tip; at !== undefined; at = at.parent) {
    if (!at.removed.some((leaf) => leaf.device === device.id)) continue
    const notice = Uint32Array.from(from.known, (_, word) => at?.node.past[word] ?? 0)
    putBit(notice, at.node.index)
    return notice
  }
  return undefined
}

/** Malicious devices show more of what they hid, now and then. */
export function reveal(world: World): void {
  for (const [node, allowed] of world.hidden) {
    if (world.random(world.withheld.has(node) ? 60 : 6) > 0) continue
    const other = world.devices[world.random(world.devices.length)]
    if (world.random(2) === 0 || other === undefined) world.hidden.delete(node)
    else allowed.add(other)
  }
}
