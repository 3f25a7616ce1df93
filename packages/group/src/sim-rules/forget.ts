import { isFrom, type Epoch } from '../rules/epoch.ts'
import { hasShown } from '../rules/finality.ts'
import type { GrantedLeaf } from '../rules/node.ts'
import { dayAt, type Device, type World } from './world.ts'

/** Days after which nobody waits for a leaf that is no longer desired. */
const GRACE_DAYS = 30

/** Deletes states off or behind the final epoch whose devices are all known to know, their messages from before opened (G6). */
export function forget(world: World, device: Device, final: Epoch): void {
  let kept = 0
  for (const [epoch, holding] of device.states) {
    if (holding !== 'held') continue
    kept++
    if (world.plants.dropLosing === true && !isFrom(device.analysis.tip, epoch)) device.states.set(epoch, 'lost')
    if (isFrom(epoch, final)) continue
    const ends = epoch.tree.map((leaf) => endFor(world, device, { leaf, epoch, final }))
    if (ends.includes('keep')) continue
    device.states.set(epoch, ends.includes('grace') ? 'grace' : 'read')
    world.happenings.push({ type: 'forget', device, epoch })
    kept--
  }
  device.kept = kept
  world.counts.set('most states kept', Math.max(world.counts.get('most states kept') ?? 0, kept))
}

/** Whether one leaf still needs a state to be kept. */
function endFor(
  world: World,
  device: Device,
  { leaf, epoch, final }: { leaf: GrantedLeaf; epoch: Epoch; final: Epoch },
): 'done' | 'grace' | 'keep' {
  if (leaf.device === device.id) return 'done'
  const { facts, membership } = device.analysis
  const { deleteAtFinal = false, localFinality = false } = world.plants
  if (localFinality || (deleteAtFinal && !facts.latest.has(leaf.device))) return 'done'
  // The same that keeps a device from being silent, so that nobody can hold up others for ever by words that count for nothing.
  if ((deleteAtFinal || hasShown(facts, leaf.device, final)) && isRead(world, device, leaf, epoch)) return 'done'
  const isWanted = membership.leaves.get(leaf.device) === leaf
  return !isWanted && dayAt(world, device) - device.finalDay >= GRACE_DAYS ? 'grace' : 'keep'
}

/** Whether what the leaf's device had sealed in the epoch by its last thing has been opened. */
function isRead(world: World, device: Device, leaf: GrantedLeaf, epoch: Epoch): boolean {
  const last = device.analysis.facts.latest.get(leaf.device)
  const said = last === undefined ? 0 : (world.saidAt.get(last) ?? 0)
  return world.messages.every(
    (message) =>
      message.epoch !== epoch || message.author.id !== leaf.device || message.seq >= said || device.opened.has(message),
  )
}
