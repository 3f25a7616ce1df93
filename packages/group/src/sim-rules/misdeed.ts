import type { ClosedSet } from '../rules/analysis.ts'
import { hasBit } from '../rules/bits.ts'
import type { Node } from '../rules/node.ts'
import type { Body, Thing } from '../rules/thing.ts'
import { takeIn } from './device.ts'
import { makeOn, type Device, type World } from './world.ts'

/** What a malicious device says, on what, against which rules, and whether it shows it to some only. */
interface Saying {
  readonly set: ClosedSet
  readonly body: Body
  readonly changes?: Partial<Thing>
  readonly isHidden: boolean
}

/** Signs it, and does what harm it can with a commit. In a cunning world nothing that does not continue the device's chain. */
export function sayAnyhow(
  world: World,
  device: Device,
  { set, body, changes = {}, isHidden }: Saying,
): Node | undefined {
  const { random } = world
  if (world.isCunning && device.last !== undefined && !hasBit(set.members, device.last.index)) return undefined
  const node = makeOn(world, device, set, body, changes)
  if (isHidden) world.hidden.set(node, new Set(world.devices.filter(() => random(3) === 0)))
  const { epoch } = node
  const isOld = set === device.copied
  // Without the parent's state there is no commit in it, only its thing.
  const isHollow = epoch?.parent !== undefined && device.states.get(epoch.parent) !== 'held'
  if (isHollow) world.harms.set(node, { barred: new Set(world.devices) })
  else if (epoch !== undefined && random(3) === 0) world.harms.set(node, { barred: barredBy(world, device) })
  if (epoch !== undefined && isOld) {
    world.count('evil commits with a stolen state')
    world.olds.add(epoch)
  }
  device.last = node
  takeIn(world, device, [node.index])
  return node
}

/** Those whom a commit shuts out: some, or everybody else. */
function barredBy(world: World, device: Device): ReadonlySet<Device> {
  const isTotal = world.random(3) === 0
  return new Set(world.devices.filter((other) => other !== device && (isTotal || world.random(2) === 0)))
}
