import type { DeviceId, EpochId } from '@sotto/interface'
import type { Control, Kept } from '../groups/control.ts'

/** Of each log, the epochs that were asked about. */
const known = new WeakMap<Control, Map<EpochId, ReadonlySet<DeviceId>>>()

/** Whether a device was in that epoch's tree, as the control log says. False for epochs that it does not know. */
export function wasIn(control: Control, epochId: EpochId, device: DeviceId): boolean {
  return devicesIn(control, epochId).has(device)
}

function devicesIn(control: Control, epochId: EpochId): ReadonlySet<DeviceId> {
  const trees = known.get(control) ?? new Map<EpochId, ReadonlySet<DeviceId>>()
  known.set(control, trees)
  const steps: Kept[] = []
  let [at, tree] = [epochId, trees.get(epochId)]
  for (; tree === undefined; tree = trees.get(at)) {
    const commit = control.commitTo(at)
    // A commit is made under its parent; whatever names itself as its own past leads nowhere.
    if (commit === undefined || steps.includes(commit)) break
    steps.push(commit)
    at = commit.thing.epoch
  }
  let devices = tree ?? foundersOf(control, at)
  for (const { thing } of steps.toReversed()) {
    if (thing.body.kind !== 'commit') continue
    const gone = new Set(thing.body.removed.map(({ device }) => device))
    const stay = [...devices].filter((device) => !gone.has(device))
    devices = new Set([...stay, ...thing.body.added.map(({ device }) => device)])
    trees.set(thing.body.child, devices)
  }
  return devices
}

function foundersOf(control: Control, epochId: EpochId): ReadonlySet<DeviceId> {
  for (const { thing } of control.kept.values()) {
    const { body } = thing
    if (body.kind === 'create' && body.child === epochId)
      return new Set(body.founders.flatMap(({ devices }) => devices))
  }
  return new Set()
}
