import { wellFormedFor } from './may.ts'
import { commitBodyFor, isOutdated, maySend, say, send } from './device.ts'
import { oneOf } from './random.ts'
import { MOST_DEVICES, newAccount, newDevice, type Account, type Device, type World } from './world.ts'
import type { Body } from '../rules/thing.ts'

/** Something that the person with this honest device does. */
export function actAsUser(world: World, device: Device): void {
  const isMild = world.temper !== 'strife' || world.random(3) === 0
  const roll = isMild ? world.random(31) : 14 + world.random(17)
  if (roll < 14) return send(world, device)
  const body =
    roll < 18 ? renewal(world, device) : roll < 22 ? ownMatter(world, device, roll) : adminMatter(world, device, roll)
  // What would count for nothing is refused by the client before it is signed.
  if (body !== undefined && wellFormedFor(world, device, body)) say(world, device, body)
}

function renewal(world: World, device: Device): Body | undefined {
  if (world.plants.noReconcile === true && isOutdated(device)) return undefined
  return maySend(world, device) ? commitBodyFor(world, device) : undefined
}

function ownMatter(world: World, device: Device, roll: number): Body | undefined {
  if (world.random(2) === 0) return undefined
  const { account, analysis } = device
  if (roll === 18 && world.devices.length < MOST_DEVICES) {
    if (!analysis.membership.leaves.has(device.id)) return undefined
    const other = newDevice(world, account, false)
    other.side = device.side
    return { kind: 'grant', device: other.id }
  }
  if (roll === 19) {
    const others = account.devices.filter(({ id }) => analysis.membership.ages.has(id) && id !== device.id)
    const other = oneOf(world.random, others)
    return other && { kind: 'revoke', device: other.id }
  }
  if (roll === 20 && world.random(4) === 0 && !account.isFirst) return { kind: 'leave' }
  return roll === 21 ? { kind: 'rename', title: `title ${world.arena.nodes.length}` } : undefined
}

function adminMatter(world: World, device: Device, roll: number): Body | undefined {
  const { seats } = device.analysis.membership
  if (seats.get(device.account.id)?.rank === undefined) return undefined
  if (roll < 24) return addition(world, device)
  const others = world.accounts.filter(({ id }) => id !== device.account.id && seats.has(id))
  const account = oneOf(world.random, others)?.id
  if (account === undefined) return undefined
  if (roll < 27) return seats.size > 2 ? { kind: 'remove', account } : undefined
  return { kind: roll < 29 ? 'demote' : 'appoint', account }
}

/** Somebody new who says yes, or somebody honest who comes back with a new yes. */
function addition(world: World, device: Device): Body | undefined {
  if (world.devices.length >= MOST_DEVICES) return undefined
  const { seats } = device.analysis.membership
  const back = world.accounts.filter(({ id, isHonest }) => isHonest && !seats.has(id))
  const account =
    world.random(2) === 0 ? (oneOf(world.random, back) ?? newAccount(world, true)) : newAccount(world, true)
  const isNew = account.devices.length === 0 || world.random(2) === 0
  const devices = isNew ? [newDevice(world, account, false)] : [...account.devices]
  for (const one of devices) if (isNew) one.side = device.side
  return acceptedBy(world, account, devices)
}

/** The account says yes. */
export function acceptedBy(world: World, account: Account, devices: readonly Device[]): Body {
  const name = `yes ${world.acceptances.length}`
  world.acceptances.push({ name, account, madeAt: world.arena.nodes.length, devices })
  return { kind: 'add', account: account.id, devices: devices.map(({ id }) => id), acceptance: name }
}
