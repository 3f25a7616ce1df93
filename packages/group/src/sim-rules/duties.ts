import { changeFor } from '../rules/change.ts'
import type { Epoch } from '../rules/epoch.ts'
import { owesAckIn, quietIn } from '../rules/duties.ts'
import type { GrantedLeaf } from '../rules/node.ts'
import { isSilent } from '../rules/silence.ts'
import { commitBodyFor, isOutdated, say } from './device.ts'
import { recoverIfDue } from './restoring.ts'
import { dayAt, type Device, type World } from './world.ts'

/** Days after which a device is called silent. */
const SILENT_DAYS = 30

/** What every honest device does after it learnt something; eager ones at once. Answers whether it did anything. */
export function doDuties(world: World, device: Device, isEager: boolean): boolean {
  const acts = (): boolean => isEager || world.random(3) === 0
  if (recoverIfDue(world, device)) return true
  const { membership, facts } = device.analysis
  if (!device.hasJoined && !membership.leaves.has(device.id)) return false
  const mayReturn =
    membership.seats.has(device.account.id) && !membership.gone.has(device.id) && !facts.forks.has(device.id)
  if (mayReturn && isLost(device)) return acts() && comeBack(world, device, isEager)
  if (!membership.leaves.has(device.id)) return false
  let did = false
  if (world.plants.noReconcile !== true && isOutdated(device) && isItsTask(world, device) && acts()) {
    const body = commitBodyFor(world, device)
    if (body !== undefined) did = say(world, device, body) !== undefined
  }
  if (watchSilence(world, device, acts)) did = true
  return acknowledge(world, device, isEager) || did
}

/** Anybody carries out what is wanted; by mistake only whoever asked for all of it. */
function isItsTask({ plants, arena }: World, device: Device): boolean {
  const change = changeFor(device.analysis, device.id)
  if (plants.authorOnly !== true || change === undefined) return true
  const own = device.analysis.membership.nodes.filter(({ thing }) => thing.device === device.id)
  const isOwn = ({ account, device: id }: GrantedLeaf): boolean =>
    own.some(
      ({ body }) =>
        (body.kind === 'remove' && body.account === account) || (body.kind === 'revoke' && body.device === id),
    )
  return change.removed.every(isOwn) && change.added.every(({ by }) => arena.nodes[by]?.thing.device === device.id)
}

function isLost({ analysis, states, hasJoined, id }: Device): boolean {
  const { tip, membership } = analysis
  const own = membership.leaves.get(id)
  if (own === undefined) return hasJoined && membership.ages.has(id)
  return tip.tree.includes(own) && states.get(tip) !== 'held'
}

/** Complains about the first epoch that it cannot enter; if that changes nothing, asks for a new leaf, once on each tip. */
function comeBack(world: World, device: Device, isEager: boolean): boolean {
  const { tip, membership, lock } = device.analysis
  const own = membership.leaves.get(device.id)
  if (own !== undefined && device.states.get(tip) === 'lost')
    world.fail('stuck-by-deletion', `${device.id} at ${tip.id}`)
  let closed = tip
  while (closed.parent !== undefined && closed !== lock && device.states.get(closed.parent) !== 'held')
    closed = closed.parent
  const complains = own !== undefined && mayComplain(world, device, closed)
  if (complains) {
    say(world, device, { kind: 'stuck', commit: closed.node.id })
    if (device.analysis.tip !== tip) return true
  }
  if (device.asked === tip) return complains
  const hasWaited = dayAt(world, device) - (device.since.get(tip) ?? dayAt(world, device)) >= 1
  if (own !== undefined && !hasWaited && (!isEager || complains)) return complains
  device.asked = tip
  say(world, device, { kind: 'grant', device: device.id })
  world.count('rejoins')
  return true
}

function mayComplain(world: World, device: Device, { parent, tree, node }: Epoch): boolean {
  if (parent === undefined || device.states.get(parent) !== 'held' || node.thing.device === device.id) return false
  const isBoth = tree.some((leaf) => leaf.device === device.id && parent.tree.includes(leaf))
  return (
    isBoth &&
    !world.arena.nodes.some(
      ({ body, thing }) => thing.device === device.id && body.kind === 'stuck' && body.commit === node.id,
    )
  )
}

/** Says who owes a word for 30 days, and sets aside whom enough others say so about. */
function watchSilence(world: World, device: Device, acts: () => boolean): boolean {
  const { tip, lock, agreed } = device.analysis
  const day = dayAt(world, device)
  const unnamed = oldest(day, device.since, tip, lock)
  const unmarked = oldest(day, device.agreedSince, agreed, undefined)
  const byName = unnamed !== undefined && watch(world, device, unnamed, acts)
  return (unmarked !== undefined && watch(world, device, unmarked, acts)) || byName
}

/** The newest epoch from `from` up to `end` that a device has known for 30 days. */
function oldest(day: number, since: Device['since'], from: Epoch, end: Epoch | undefined): Epoch | undefined {
  for (let at: Epoch | undefined = from; at !== undefined && at !== end; at = at.parent)
    if (day - (since.get(at) ?? day) >= SILENT_DAYS) return at
  return undefined
}

function watch(world: World, device: Device, about: Epoch, acts: () => boolean): boolean {
  let did = false
  for (const leaf of device.analysis.tip.tree) {
    if (!owesWord(device, leaf, about)) continue
    if (!hasAttested(device, leaf, about) && acts()) {
      say(world, device, { kind: 'attest', leaf, about: about.id })
      did = true
    }
    if (isSilent(device.analysis, leaf) && owesWord(device, leaf, about) && acts()) {
      say(world, device, { kind: 'stale', leaf })
      world.count('set aside as silent')
      did = true
    }
  }
  return did
}

function owesWord({ analysis, id }: Device, leaf: GrantedLeaf, about: Epoch): boolean {
  return leaf.device !== id && quietIn(analysis, about).includes(leaf)
}

function hasAttested({ analysis, id }: Device, leaf: GrantedLeaf, about: Epoch): boolean {
  return analysis.membership.nodes.some(
    (node) => node.body.kind === 'attest' && node.thing.device === id && node.leaf === leaf && node.about === about,
  )
}

/** Says on which epoch it is and what it knows, when its last word does not. */
function acknowledge(world: World, device: Device, isEager: boolean): boolean {
  const { analysis, last, states, id } = device
  const { tip } = analysis
  const isIn = tip.tree.some((leaf) => leaf.device === id)
  if (isIn && states.get(tip) !== 'held') return false
  const hasMore = last !== undefined && world.saidAt.get(last) !== device.said && isEager
  if ((!owesAckIn(analysis, id) && !hasMore) || (!isEager && world.random(3) > 0)) return false
  say(world, device, { kind: 'ack' })
  return true
}
