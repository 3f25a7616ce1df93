import type { EpochId } from '@sotto/interface'
import { analyzeSet, type Analysis, type ClosedSet } from '../rules/analysis.ts'
import { bitsOf } from '../rules/bits.ts'
import { changeFor } from '../rules/change.ts'
import type { Epoch } from '../rules/epoch.ts'
import { pastOf } from '../rules/judge.ts'
import type { Node } from '../rules/node.ts'
import type { Body, Thing } from '../rules/thing.ts'
import { takeIn } from './device.ts'
import { oneOf } from './random.ts'
import { acceptedBy } from './user.ts'
import { knownTo, makeOn, newAccount, newDevice, type Device, type World } from './world.ts'

const MOST_DEVICES = 21
const MOST_SOCK_PUPPETS = 2

/** What a malicious device builds on: all it knows, an older view with its own chain, or a fork of its own chain. */
function foundation(world: World, device: Device): ClosedSet {
  const { random, arena } = world
  const roll = random(10)
  const all = knownTo(device)
  const from = arena.nodes[oneOf(random, bitsOf(device.known)) ?? 0]
  if (roll < 4 || device.size < 3 || from === undefined) return all
  const own = bitsOf(device.known).flatMap((index) => {
    const node = arena.nodes[index]
    return node?.thing.device === device.id ? [node] : []
  })
  if (roll < 6) {
    world.count('evil backdated')
    return pastOf([from, ...own], arena.nodes.length)
  }
  world.count('evil forked chain')
  const before = pastOf([from], arena.nodes.length)
  const mine = oneOf(
    random,
    own.filter(({ index, size }) => size > 0 && bitsOf(before.members).includes(index)),
  )
  return mine === undefined || random(3) > 0 ? before : { members: mine.past, size: mine.size, heads: mine.heads }
}

/** Something that a malicious device does. */
export function actAsInsider(world: World, device: Device): void {
  const { random } = world
  const set = foundation(world, device)
  const analysis = analyzeSet(world.arena, set)
  const isHarmful = random(3) === 0
  const body = evilBody(world, device, { analysis, set })
  if (body === undefined) return
  const changes: Partial<Thing> = {}
  const roll = random(24)
  const epochs = epochsIn(world, set)
  if (roll < 3) Object.assign(changes, { epoch: oneOf(random, epochs)?.id ?? analysis.tip.id })
  if (roll === 3) Object.assign(changes, { lamport: random(500) })
  if (roll === 4 && random(4) === 0) Object.assign(changes, { seq: random(12) })
  const node = makeOn(world, device, set, body, changes)
  if (random(2) === 0) world.hidden.set(node, new Set(world.devices.filter(() => random(3) === 0)))
  const { epoch } = node
  // Without the parent's state there is no commit in it, only its thing.
  const isHollow = epoch?.parent !== undefined && device.states.get(epoch.parent) !== 'held'
  if (isHollow) world.harms.set(node, { barred: new Set(world.devices) })
  else if (epoch !== undefined && isHarmful) world.harms.set(node, { barred: barredBy(world, device) })
  device.last = node
  takeIn(world, device, [node.index])
}

/** Those whom a commit shuts out: some, or everybody else. */
function barredBy(world: World, device: Device): ReadonlySet<Device> {
  const isTotal = world.random(3) === 0
  return new Set(world.devices.filter((other) => other !== device && (isTotal || world.random(2) === 0)))
}

/** Names the tip on top of its commit and of the own chain alone, so that nothing shows what it knows to be agreed. */
export function nameTip(world: World, device: Device): void {
  const { tip, facts } = device.analysis
  const { arena } = world
  const last = facts.latest.get(device.id)
  if (last?.tip === tip || !tip.tree.some((leaf) => leaf.device === device.id)) return
  const set = pastOf(last === undefined ? [tip.node] : [tip.node, last], arena.nodes.length)
  const node = makeOn(world, device, set, { kind: 'ack' })
  device.last = node
  takeIn(world, device, [node.index])
}

function epochsIn(world: World, { members }: ClosedSet): Epoch[] {
  return bitsOf(members).flatMap((index) => world.arena.nodes[index]?.epoch ?? [])
}

function evilBody(
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
  if (roll === 0 && world.devices.length < MOST_DEVICES) return newDevice(world, device.account, true)
  return roll === 1 ? (oneOf(world.random, device.account.devices) ?? device) : device
}

function evilCommit(world: World, device: Device, analysis: Analysis): Body {
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
function evilAdd(world: World, device: Device): Body | undefined {
  const { random } = world
  const old = oneOf(random, world.acceptances)
  if (random(2) === 0 && old !== undefined) {
    world.count('evil replayed acceptances')
    return { kind: 'add', account: old.account.id, devices: old.devices.map(({ id }) => id), acceptance: old.name }
  }
  if (world.devices.length >= MOST_DEVICES || world.sockPuppets >= MOST_SOCK_PUPPETS) return undefined
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
