import type { AccountId } from '@sotto/interface'
import { hasBit } from '../rules/bits.ts'
import type { Node } from '../rules/node.ts'
import { treeOf, type Evidence } from './evidence.ts'
import type { Device, Message, World } from './world.ts'

/** Everything that an honest member sealed can be read by every honest member who was in that tree and still is in. */
export function checkMessages({ world, staying }: Evidence): void {
  const [one] = staying
  if (one === undefined) return
  const { seats } = one.analysis.membership
  for (const message of world.messages) {
    if (message.author.isEvil || !seats.has(message.author.account.id)) continue
    const tree = treeOf(message.epoch)
    for (const device of staying) if (tree.has(device.id)) checkReader(world, message, device, staying)
  }
}

function checkReader(world: World, message: Message, device: Device, staying: readonly Device[]): void {
  world.count('message readers')
  if (device.opened.has(message)) return
  if (hasExcuse(world, message, device, staying)) return world.count('message readers by serving again')
  world.fail(
    'unreadable',
    `message ${message.number} in ${message.epoch.id} at ${device.id}: ${device.states.get(message.epoch)}`,
  )
}

/**
 * Whether a device need not have opened a message: its author left and took it along; or a harmful commit shut the device out, or it is more than 30
 * days late, and the log serves it again, sealed anew by its author.
 */
export function hasExcuse(world: World, message: Message, device: Device, staying: readonly Device[]): boolean {
  if (!device.received.has(message) && !staying.includes(message.author)) return true
  const holding = device.states.get(message.epoch)
  if (holding === 'grace' || holding === 'barred' || holding === undefined) return true
  return holding === 'lost' && isAfterHarm(world, message, device)
}

/** Whether a commit on the way to the message's epoch shut the device out. */
function isAfterHarm(world: World, { epoch }: Message, device: Device): boolean {
  for (let at = epoch; at.parent !== undefined; at = at.parent) {
    if (world.harms.get(at.node)?.barred.has(device) === true || device.states.get(at) === 'grace') return true
  }
  return false
}

/** Watches every sealing: nobody honest seals for an account that it knows an honest owner to have removed and nobody to have added since. */
export function watchSealing(world: World): void {
  world.observe = (device, { epoch, number }) => {
    const [owner] = world.accounts
    if (owner?.isHonest !== true) return
    const byDevice = new Map(world.devices.map((one) => [one.id, one.account.id]))
    const audience = new Set([...treeOf(epoch)].flatMap((id) => byDevice.get(id) ?? []))
    for (const account of audience)
      if (isRemoved(world, device, account)) world.fail('removed-can-read', `message ${number} for ${account}`)
  }
}

function isRemoved(world: World, device: Device, account: AccountId): boolean {
  const known = world.arena.nodes.filter(({ index }) => hasBit(device.known, index))
  const revoked = new Set(known.flatMap(({ body }) => (body.kind === 'revoke' ? [body.device] : [])))
  const owner = world.accounts[0]?.id
  // What the owner's lost devices did beside a recover counts for nothing.
  const isVoid = ({ index, past }: Node): boolean =>
    known.some(
      (other) =>
        other.body.kind === 'recover' &&
        other.thing.account === owner &&
        !hasBit(past, other.index) &&
        !hasBit(other.past, index),
    )
  return known.some((node) => {
    const { body, thing, index } = node
    const isStrike = body.kind === 'remove' && body.account === account && thing.account === owner
    if (!isStrike || revoked.has(thing.device) || isVoid(node)) return false
    return !known.some(
      (other) => other.body.kind === 'add' && other.body.account === account && hasBit(other.past, index),
    )
  })
}
