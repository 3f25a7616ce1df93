import type { DeviceId } from '@sotto/interface'
import { analyzeSet } from '../rules/analysis.ts'
import { bitsOf } from '../rules/bits.ts'
import type { Epoch } from '../rules/epoch.ts'
import { pastOf } from '../rules/judge.ts'
import { checkFinality, checkReverts } from './finality-oracles.ts'
import { treeOf, pastsOf, type Evidence } from './evidence.ts'
import { checkMembership } from './membership-oracles.ts'
import { checkMessages } from './message-oracles.ts'
import { checkOrder } from './order-oracle.ts'
import { checkPath } from './path-oracle.ts'
import { checkRecovery } from './recovery-oracle.ts'
import type { World } from './world.ts'

/** Looks at how a played world ended. Failures are added to the world's. */
export function check(world: World): void {
  const evidence = evidenceOf(world)
  const { staying } = evidence
  const [one] = staying
  checkReverts(evidence)
  if (one === undefined) return world.count('worlds that nobody honest stayed in')
  if (!world.isSettled) world.fail('no-rest', 'still busy after 60 rounds')
  const tips = new Set<Epoch>(staying.map(({ analysis }) => analysis.tip))
  if (tips.size > 1) world.fail('diverged', [...tips].map(({ id }) => id).join(', '))
  const { tip } = one.analysis
  const tree = treeOf(tip)
  if (!staying.some(({ id, states }) => tree.has(id) && states.get(tip) === 'held')) return abandoned(world, tree)
  const wanted = [...one.analysis.membership.leaves.keys()].toSorted()
  if ([...tree].toSorted().join() !== wanted.join())
    world.fail('tip-is-not-desired', `${[...tree].join()} not ${wanted.join()}`)
  checkMembership(evidence, tree)
  checkRecovery(evidence, tree)
  checkMessages(evidence)
  checkFinality(evidence, tip)
  checkPath(evidence, tip)
  if (world.seed % 16 === 0) checkOrder(world, one)
}

/** With nobody honest who holds the tip nobody commits what should be. A malicious owner can bring that about, or a malicious half of two. */
function abandoned(world: World, tree: ReadonlySet<DeviceId>): void {
  const accounts = new Set(world.devices.filter(({ id }) => tree.has(id)).map(({ account }) => account))
  // Of a restored account no device is in that tree: who could commit may be nobody then.
  const isOwed = world.accounts[0]?.isHonest === true && accounts.size > 2 && world.statements.length === 0
  if (isOwed) world.fail('abandoned', [...tree].join())
  else world.count('worlds whose tip nobody honest holds')
}

export function evidenceOf(world: World): Evidence {
  const things = world.arena.nodes.map(({ thing }) => thing)
  const pasts = pastsOf(things)
  const at = new Map(things.map((thing, index) => [thing, index]))
  const live = world.devices.filter((device) => !device.isEvil && device.states.size > 0)
  const known = new Set(live.flatMap((device) => bitsOf(device.known)))
  const nodes = [...known].flatMap((index) => world.arena.nodes[index] ?? [])
  const truth = live.length === 0 ? undefined : analyzeSet(world.arena, pastOf(nodes, world.arena.nodes.length))
  const staying = live.filter(({ id }) => truth?.membership.leaves.has(id) ?? false)
  const byDevice = new Map(world.devices.map((device) => [device.id, device.account]))
  const create = things[0]?.body
  return {
    world,
    things,
    live,
    staying,
    known: [...known].toSorted((a, b) => a - b).flatMap((index) => things[index] ?? []),
    isHonestOwner: create?.kind === 'create' && create.is === 'group' && (world.accounts[0]?.isHonest ?? false),
    isBefore: (first, second) => (((pasts.get(second) ?? 0n) >> BigInt(at.get(first) ?? 0)) & 1n) === 1n,
    accountOf: (device) => byDevice.get(device),
  }
}
