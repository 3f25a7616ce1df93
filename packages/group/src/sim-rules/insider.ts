import { analyzeSet, type ClosedSet } from '../rules/analysis.ts'
import { bitsOf } from '../rules/bits.ts'
import { pastOf } from '../rules/judge.ts'
import type { Thing } from '../rules/thing.ts'
import { takeIn } from './device.ts'
import { epochsIn, evilBody } from './insider-bodies.ts'
import { sayAnyhow } from './misdeed.ts'
import { plot, strikesAgainst } from './plots.ts'
import { oneOf } from './random.ts'
import { knownTo, makeOn, turnEvil, type Device, type World } from './world.ts'

/** Something that a malicious device does. */
export function actAsInsider(world: World, device: Device): void {
  const { random } = world
  if (random(2) === 0 && plot(world, device)) return
  // Whoever says something after it has heard that it is out cannot pretend that it has not.
  if (world.isCunning && strikesAgainst(world, device).length > 0) return
  const set = foundation(world, device)
  const analysis = analyzeSet(world.arena, set)
  const body = evilBody(world, device, { analysis, set })
  if (body === undefined) return
  const changes: Partial<Thing> = {}
  const roll = random(24)
  const epochs = epochsIn(world, set)
  if (roll < 3 && !world.isCunning) Object.assign(changes, { epoch: oneOf(random, epochs)?.id ?? analysis.tip.id })
  if (roll === 3) Object.assign(changes, { lamport: random(500) })
  if (roll === 4 && random(4) === 0 && !world.isCunning) Object.assign(changes, { seq: random(12) })
  sayAnyhow(world, device, { set, body, changes, isHidden: random(2) === 0 })
}

/** What a malicious device builds on: all it knows, what was there when its store was copied, an older view with its own chain, or a fork of its own chain. */
function foundation(world: World, device: Device): ClosedSet {
  const { random, arena } = world
  const roll = random(10)
  const all = knownTo(device)
  const from = arena.nodes[oneOf(random, bitsOf(device.known)) ?? 0]
  if (device.copied !== undefined && roll < 5) return device.copied
  if (roll < (world.isCunning ? 7 : 4) || device.size < 3 || from === undefined) return all
  const own = bitsOf(device.known).flatMap((index) => {
    const node = arena.nodes[index]
    return node?.thing.device === device.id ? [node] : []
  })
  if (roll < 6 || world.isCunning) {
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

/** Somebody copies the store of an honest device, which knows nothing of it. */
export function steal(world: World): void {
  const honest = world.devices.filter(({ isEvil, states }) => !isEvil && states.size > 0)
  const device = oneOf(world.random, honest)
  if (device === undefined || honest.length < 3 || !world.bearsEvil(0)) return
  turnEvil(device)
  device.copied = { ...knownTo(device), members: device.known.slice() }
  world.happenings.push({ type: 'copy', device })
  world.count('evil copied stores')
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
  world.count('evil withheld acks')
}
