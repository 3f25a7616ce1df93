import type { EpochId } from '@sotto/interface'
import { analyzeSet, type Analysis, type ClosedSet } from '../rules/analysis.ts'
import { bitsOf, hasBit } from '../rules/bits.ts'
import { changeFor } from '../rules/change.ts'
import type { Epoch } from '../rules/epoch.ts'
import { pastOf } from '../rules/judge.ts'
import type { Node } from '../rules/node.ts'
import { compareRank } from '../rules/seniority.ts'
import type { Body, Thing } from '../rules/thing.ts'
import { compareSiblings } from '../rules/tip.ts'
import { evilAdd } from './insider-bodies.ts'
import { sayAnyhow } from './misdeed.ts'
import { oneOf } from './random.ts'
import { knownTo, type Device, type World } from './world.ts'

const FLOOD = 8

/** Something that a malicious device does with a purpose. False when it cannot now. */
export function plot(world: World, device: Device): boolean {
  const { random } = world
  const against = strikesAgainst(world, device)
  const one = oneOf(random, against)
  if (one !== undefined && random(3) > 0) return strikeBack(world, device, one)
  if (random(3) > 0) return false
  const roll = random(5)
  if (roll < 2) return withhold(world, device)
  return roll < 4 ? commitOutsideChain(world, device) : random(4) === 0 && flood(world, device)
}

/** It acts as if it had not heard yet that it is out, or has lost its rank. */
function strikeBack(world: World, device: Device, against: Node): boolean {
  const roll = world.random(4)
  if (roll === 0) return duel(world, device, against)
  return roll === 1 ? actOnceOut(world, device, against) : commitOnceOut(world, device, against)
}

/** It removes somebody else, or brings in a sock puppet. */
function actOnceOut(world: World, device: Device, against: Node): boolean {
  const set = without(world, device, against)
  const { seats } = analyzeSet(world.arena, set).membership
  const others = [...seats.keys()].filter((account) => account !== device.account.id)
  const account = oneOf(world.random, others)
  const body = world.random(2) === 0 ? evilAdd(world, device) : account && ({ kind: 'remove', account } as const)
  if (body === undefined || sayAnyhow(world, device, { set, body, isHidden: false }) === undefined) return false
  world.count('evil removals and adds once out')
  return true
}

/** It removes or demotes whoever did that to it, as if it did not know yet. */
function duel(world: World, device: Device, against: Node): boolean {
  if (against.body.kind !== 'remove' && against.body.kind !== 'demote') return false
  const set = without(world, device, against)
  const { seats } = analyzeSet(world.arena, set).membership
  const [own, other] = [seats.get(device.account.id), seats.get(against.thing.account)]
  world.count(`evil duels with ${relation(compareRank(other?.rank, own?.rank))}`)
  const kind = world.random(4) === 0 ? 'demote' : 'remove'
  return (
    sayAnyhow(world, device, { set, body: { kind, account: against.thing.account }, isHidden: false }) !== undefined
  )
}

/** It commits on an epoch in which it still was, as if it did not know that it has been put out. */
function commitOnceOut(world: World, device: Device, against: Node): boolean {
  const set = without(world, device, against)
  const analysis = analyzeSet(world.arena, set)
  const body = commitOn(world, device, analysis)
  if (body === undefined) return false
  const node = sayAnyhow(world, device, { set, body, isHidden: world.random(3) === 0 })
  if (node === undefined) return false
  const { epoch } = node
  for (const other of siblingsOf(world, epoch))
    world.count(
      `evil commits once out, beside ${relation(compareRank(other.node.author.rank, epoch?.node.author.rank))}`,
    )
  world.count('evil commits once out')
  return true
}

/** It makes a sibling of the tip and shows it to nobody, for long or for ever. */
function withhold(world: World, device: Device): boolean {
  const { tip } = device.analysis
  if (tip.parent === undefined) return false
  const set = without(world, device, tip.node)
  const analysis = analyzeSet(world.arena, set)
  const body = commitOn(world, device, analysis)
  if (body === undefined || analysis.tip !== tip.parent) return false
  const node = sayAnyhow(world, device, { set, body, isHidden: false })
  if (node === undefined) return false
  world.hidden.set(node, new Set())
  world.withheld.add(node)
  const isBetter = node.epoch !== undefined && compareSiblings(node.epoch, tip) < 0
  world.count(isBetter ? 'evil withheld better siblings' : 'evil withheld siblings')
  return true
}

/** A commit that is not the next thing of its author's chain. */
function commitOutsideChain(world: World, device: Device): boolean {
  const set = knownTo(device)
  const analysis = analyzeSet(world.arena, set)
  const body = commitOn(world, device, analysis)
  if (body === undefined) return false
  const head = world.arena.nodes[oneOf(world.random, set.heads) ?? 0]
  const seq = (analysis.facts.latest.get(device.id)?.thing.seq ?? 0) + 2 + world.random(2)
  const changes: Partial<Thing> = world.random(2) === 0 || head === undefined ? { seq } : { seq, prev: head.id }
  sayAnyhow(world, device, { set, body, changes, isHidden: false })
  world.count('evil commits outside the chain')
  return true
}

/** Commit after commit, for nothing. */
function flood(world: World, device: Device): boolean {
  for (let i = 0; i < FLOOD; i++) {
    const set = knownTo(device)
    const body = commitOn(world, device, analyzeSet(world.arena, set))
    if (body === undefined) return i > 0
    sayAnyhow(world, device, { set, body, isHidden: false })
  }
  world.count('evil floods')
  return true
}

function commitOn({ arena }: World, device: Device, analysis: Analysis): Body | undefined {
  const change = changeFor(analysis, device.id)
  return change && { kind: 'commit', child: `evil epoch ${arena.nodes.length}` as EpochId, ...change }
}

/** What a device knows that puts it out, or takes its rank. */
export function strikesAgainst({ arena }: World, device: Device): readonly Node[] {
  return bitsOf(device.known).flatMap((index) => {
    const node = arena.nodes[index]
    return node?.isWellFormed === true && isAgainst(node, device) ? [node] : []
  })
}

function isAgainst({ body, thing }: Node, { account, id }: Device): boolean {
  if (thing.device === id) return false
  if (body.kind === 'remove' || body.kind === 'demote') return body.account === account.id
  if (body.kind === 'stale') return body.leaf.device === id
  return body.kind === 'revoke' && body.device === id
}

/** What a device knows, less one thing and all that stands on it. */
function without({ arena }: World, { known }: Device, node: Node): ClosedSet {
  const rest = bitsOf(known).flatMap((index) => arena.nodes[index] ?? [])
  return pastOf(
    rest.filter((other) => other !== node && !hasBit(other.past, node.index)),
    arena.nodes.length,
  )
}

function siblingsOf({ arena }: World, epoch: Epoch | undefined): readonly Epoch[] {
  const all = epoch?.parent === undefined ? [] : (arena.children.get(epoch.parent) ?? [])
  return all.filter((other) => other !== epoch)
}

function relation(order: number): string {
  if (order === 0) return 'an equal'
  return order < 0 ? 'a senior' : 'a junior'
}
