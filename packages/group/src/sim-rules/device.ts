import type { EpochId } from '@sotto/interface'
import { analyzeSet } from '../rules/analysis.ts'
import { hasBit } from '../rules/bits.ts'
import { changeFor } from '../rules/change.ts'
import { isFrom, type Epoch } from '../rules/epoch.ts'
import type { Node } from '../rules/node.ts'
import type { Body, Thing } from '../rules/thing.ts'
import { forget } from './forget.ts'
import { dayAt, knownTo, learn, makeOn, type Device, type Message, type World } from './world.ts'

/** Says something on top of everything that the device knows. */
export function say(world: World, device: Device, body: Body, changes: Partial<Thing> = {}): Node {
  const node = makeOn(world, device, knownTo(device), body, changes)
  device.last = node
  takeIn(world, device, [node.index])
  return node
}

export function takeIn(world: World, device: Device, indexes: readonly number[]): void {
  learn(world, device, indexes, (node) => enter(world, device, node))
  look(world, device)
}

/** Gets the state of a commit's epoch, if the device can. */
function enter(world: World, device: Device, node: Node): void {
  const { epoch } = node
  if (epoch?.parent === undefined) return
  const leaf = epoch.tree.find((one) => one.device === device.id)
  if (leaf === undefined) return
  const isBarred = world.harms.get(node)?.barred.has(device) ?? false
  const before = device.states.get(epoch.parent)
  const isOwn = node.thing.device === device.id
  if (isBarred) {
    device.states.set(epoch, 'barred')
    world.happenings.push({ type: 'shut', device, epoch })
  } else if (before === 'held' || (!isOwn && !epoch.parent.tree.includes(leaf))) {
    device.states.set(epoch, 'held')
    world.happenings.push(
      isOwn ? { type: 'commit', device, epoch, isOld: world.olds.has(epoch) } : { type: 'enter', device, epoch },
    )
  } else if (before === 'read' || before === 'lost') device.states.set(epoch, 'lost')
  open(world, device)
}

export function open(world: World, device: Device): void {
  for (const message of device.received) {
    if (device.states.get(message.epoch) !== 'held' || device.opened.has(message)) continue
    device.opened.add(message)
    world.happenings.push({ type: 'open', device, message })
  }
}

/** Works out again what everything means, and acts on what is final. */
export function look(world: World, device: Device): void {
  const analysis = analyzeSet(world.arena, knownTo(device))
  device.analysis =
    world.plants.arrivalOrder === true && !device.isEvil ? { ...analysis, tip: firstCome(world, device) } : analysis
  if (device.states.size > 0) device.hasJoined = true
  const { tip, agreed } = device.analysis
  noteSince(device.since, tip, dayAt(world, device))
  noteSince(device.agreedSince, agreed, dayAt(world, device))
  if (!device.isEvil) conclude(world, device)
}

/** A moment that lies ahead was noted by a clock that was wrong: it counts as now. */
function noteSince(since: Map<Epoch, number>, epoch: Epoch, day: number): void {
  for (const [known, then] of since) if (then > day) since.set(known, day)
  for (let at: Epoch | undefined = epoch; at !== undefined && !since.has(at); at = at.parent) since.set(at, day)
}

function firstCome(world: World, device: Device): Epoch {
  let tip = world.arena.nodes[0]?.epoch
  for (let next = tip; next !== undefined;) {
    tip = next
    const children: readonly Epoch[] = world.arena.children.get(tip) ?? []
    const known = children.filter(({ node }) => hasBit(device.known, node.index) && device.since.has(tip ?? node.tip))
    next = known.toSorted((a, b) => (device.since.get(a) ?? Infinity) - (device.since.get(b) ?? Infinity))[0]
  }
  if (tip === undefined) throw new Error('no create')
  return tip
}

/** What the device holds for final, by its own last thing (G6); never less than before. */
function conclude(world: World, device: Device): void {
  const first = world.arena.nodes[0]?.epoch
  if (first === undefined) return
  const final =
    world.plants.localFinality === true ? (device.analysis.tip.parent?.parent ?? first) : (device.last?.final ?? first)
  const before = device.final ?? first
  device.finalDay = Math.min(device.finalDay, dayAt(world, device))
  if (final !== before && !isFrom(before, final)) {
    if (!isFrom(final, before)) world.reverts.push({ device, from: before, to: final })
    device.final = final
    device.finalDay = dayAt(world, device)
    world.finals.push({ device, epoch: final })
  }
  forget(world, device, device.final ?? first)
}

/** Whether it may seal now: it holds the tip, is wanted, and nobody in the tree is unwanted (G9). */
export function maySend(world: World, { analysis, states, id }: Device): boolean {
  const { tip, membership } = analysis
  if (states.get(tip) !== 'held' || !membership.leaves.has(id) || !tip.tree.some((leaf) => leaf.device === id))
    return false
  return world.plants.noPause === true || tip.tree.every((leaf) => membership.leaves.has(leaf.device))
}

export function send(world: World, device: Device): void {
  if (!maySend(world, device)) return
  const message: Message = {
    number: world.messages.length,
    author: device,
    seq: device.said++,
    epoch: device.analysis.tip,
    day: world.day,
  }
  world.messages.push(message)
  world.happenings.push({ type: 'seal', device, message })
  device.received.add(message)
  device.opened.add(message)
  world.count('messages')
  if (!device.isEvil) world.observe(device, message)
}

/** The commit that the device may make now, if it holds the tip. */
export function commitBodyFor({ arena }: World, device: Device): Body | undefined {
  const { analysis, states, id } = device
  const change = changeFor(analysis, id)
  if (states.get(analysis.tip) !== 'held' || change === undefined) return undefined
  return { kind: 'commit', child: `epoch ${arena.nodes.length}` as EpochId, ...change }
}

export function isOutdated({ analysis, id }: Device): boolean {
  const change = changeFor(analysis, id)
  return change !== undefined && change.added.length + change.removed.length > 0
}
