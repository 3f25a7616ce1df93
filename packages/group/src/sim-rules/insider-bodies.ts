import type { EpochId } from '@sotto/interface'
import type { Analysis, ClosedSet } from '../rules/analysis.ts'
import { bitsOf } from '../rules/bits.ts'
import { changeFor } from '../rules/change.ts'
import type { Epoch } from '../rules/epoch.ts'
import type { Node } from '../rules/node.ts'
import type { Body } from '../rules/thing.ts'
import { oneOf } from './random.ts'
import { acceptedBy } from './user.ts'
import { MOST_DEVICES, newAccount, newDevice, type Device, type World } from './world.ts'

const MOST_SOCK_PUPPETS = 2

export function epochsIn(world: World, { members }: ClosedSet): Epoch[] {
  return bitsOf(members).flatMap((index) => world.arena.nodes[index]?.epoch ?? [])
}

/** What a malicious device says next. */
export function evilBody(
  world: World,
  device: Device,
  { analysis, set }: { analysis: Analysis; set: ClosedSet },
): Body | undefined {
  const { random } = world
  const roll = random(20)
  const { seats, leaves } = analysis.membership
  const target = oneOf(
    random,
    [...seats.keys()].filter((account) => account !== device.account.id),
  )
  if (roll < 5) return evilCommit(world, device, analysis)
  if (roll < 8) return target && { kind: 'remove', account: target }
  if (roll < 9) return target && { kind: 'demote', account: target }
  if (roll < 11) return evilAdd(world, device)
  if (roll < 12) {
    const friend = oneOf(
      random,
      world.accounts.filter(({ id, isHonest }) => !isHonest && seats.has(id) && id !== device.account.id),
    )
    return friend && { kind: 'appoint', account: friend.id }
  }
  if (roll < 14) return evilClaim(world, { analysis, leaves: [...leaves.values()], set })
  if (roll < 15) return { kind: 'grant', device: evilFellow(world, device).id }
  if (roll < 16) {
    const other = oneOf(random, device.account.devices)
    return other && { kind: 'revoke', device: other.id }
  }
  return { kind: 'ack' }
}

/** Itself, another device of its account, or a new one of its own. */
function evilFellow(world: World, device: Device): Device {
  const roll = world.random(4)
  if (roll === 0 && world.devices.length < MOST_DEVICES && world.bearsEvil(1))
    return newDevice(world, device.account, true)
  return roll === 1 ? (oneOf(world.random, device.account.devices) ?? device) : device
}

export function evilCommit(world: World, device: Device, analysis: Analysis): Body {
  const { random, arena } = world
  const change = changeFor(analysis, device.id) ?? { added: [], removed: [] }
  const child = `evil epoch ${arena.nodes.length}` as EpochId
  const roll = random(8)
  // Somebody else's epoch id, a change that nobody wants, or a wrong part of the right one.
  if (roll === 0) return { kind: 'commit', child: oneOf(random, arena.nodes)?.epoch?.id ?? child, ...change }
  if (roll === 1) return { kind: 'commit', child, added: [], removed: analysis.tip.tree.filter(() => random(3) === 0) }
  if (roll === 2) return { kind: 'commit', child, added: change.added.filter(() => random(2)), removed: [] }
  return { kind: 'commit', child, ...change }
}

/** A sock puppet, or somebody honest by an acceptance that was used before. */
export function evilAdd(world: World, device: Device): Body | undefined {
  const { random } = world
  const old = oneOf(random, world.acceptances)
  if (random(2) === 0 && old !== undefined) {
    world.count('evil replayed acceptances')
    return { kind: 'add', account: old.account.id, devices: old.devices.map(({ id }) => id), acceptance: old.name }
  }
  if (world.devices.length >= MOST_DEVICES || world.sockPuppets >= MOST_SOCK_PUPPETS) return undefined
  if (!world.bearsEvil(1)) return undefined
  world.count('evil sock puppets')
  world.sockPuppets++
  const account = newAccount(world, false)
  const puppet = newDevice(world, account, true)
  puppet.hasJoined = true
  puppet.side = device.side
  return acceptedBy(world, account, [puppet])
}

function evilClaim(
  world: World,
  { analysis, leaves, set }: { analysis: Analysis; leaves: readonly Node['leaf'][]; set: ClosedSet },
): Body | undefined {
  const leaf = oneOf(world.random, leaves)
  const epochs = epochsIn(world, set)
  const commit = oneOf(world.random, epochs)
  if (leaf === undefined || commit === undefined) return undefined
  const roll = world.random(3)
  if (roll === 0) return { kind: 'stale', leaf }
  if (roll === 1) return { kind: 'stuck', commit: commit.node.id }
  return { kind: 'attest', leaf, about: world.random(2) === 0 ? analysis.tip.id : commit.id }
}
