import type { AccountId, DeviceId } from '@sotto/interface'
import type { Epoch } from '../rules/epoch.ts'
import type { Thing } from '../rules/thing.ts'
import { isRecovered, treeOf, type Evidence, isBesideRecover } from './evidence.ts'

/** The commits that lead to the tip are those that ought to, by what they say and what was said beside them. */
export function checkPath(evidence: Evidence, tip: Epoch): void {
  const strikes = strikesByOwner(evidence)
  const removals = removalsFor(evidence, strikes)
  for (let at = tip; at.parent !== undefined; at = at.parent) {
    checkChain(evidence, at.node.thing)
    checkLate(evidence, strikes, at.node.thing)
    checkRemoval(evidence, removals, at, tip)
  }
}

/** A commit on the path is the next thing of its author's chain. */
function checkChain({ world, things }: Evidence, { id, seq, prev, device }: Thing): void {
  const before = things.find((thing) => thing.id === prev)
  const follows = before === undefined ? seq === 1 : before.device === device && before.seq + 1 === seq
  if (!follows) world.fail('outside-chain', `${id}, ${seq} of ${device}`)
}

/** Whom an honest owner's device removed against which nobody ever said anything, and nobody has added since. */
function strikesByOwner(evidence: Evidence): readonly Strike[] {
  const { known, world, isHonestOwner } = evidence
  const device = world.accounts[0]?.devices[0]?.id
  if (!isHonestOwner || isStruck(evidence, device)) return []
  return known.flatMap((thing) => {
    const { body } = thing
    if (body.kind !== 'remove' || thing.device !== device) return []
    const isBack = known.some(({ body: other }) => other.kind === 'add' && other.account === body.account)
    return isBack ? [] : [{ thing, account: body.account }]
  })
}

interface Strike {
  readonly thing: Thing
  readonly account: AccountId
}

/** What somebody commits who is removed, and neither knew of the other, is not on the path. */
function checkLate({ world, isBefore }: Evidence, strikes: readonly Strike[], commit: Thing): void {
  const late = strikes.find(({ thing, account }) => account === commit.account && !isBefore(commit, thing))
  if (late !== undefined) world.fail('late-commit', `${commit.id} after ${late.thing.id}`)
}

/** Commits by which an honest device, against which nobody ever said anything, carried that out. */
function removalsFor(evidence: Evidence, strikes: readonly Strike[]): readonly Thing[] {
  const { known, isBefore } = evidence
  return known.filter((thing) => {
    const { body } = thing
    if (body.kind !== 'commit' || body.removed.length === 0 || isStruck(evidence, thing.device)) return false
    if (known.some(({ body: other }) => other.kind === 'stuck' && other.commit === thing.id)) return false
    return body.removed.every(({ device }) => {
      const account = evidence.accountOf(device)?.id
      return strikes.some((strike) => strike.account === account && isBefore(strike.thing, thing))
    })
  })
}

/** Whether a device is malicious, or anybody said anything against it or its account. */
function isStruck(evidence: Evidence, id: DeviceId | undefined): boolean {
  const { world, known } = evidence
  const device = world.devices.find((one) => one.id === id)
  if (device === undefined || device.isEvil || isRecovered(evidence, device.account.id)) return true
  return known.some(({ body, account: by }) => {
    if (body.kind === 'remove' || body.kind === 'demote') return body.account === device.account.id
    if (body.kind === 'stale') return body.leaf.device === id
    return (body.kind === 'revoke' && body.device === id) || (body.kind === 'leave' && by === device.account.id)
  })
}

/**
 * Beside a commit that removes somebody, one that removes nobody is not on the path; but where all had agreed to what comes from that one
 * before they heard of the other.
 */
function checkRemoval(evidence: Evidence, removals: readonly Thing[], at: Epoch, tip: Epoch): void {
  const { parent, removed, node } = at
  const { world } = evidence
  // What lost devices had committed stays where it was agreed to before the recover was heard of.
  if (removed.length > 0 || parent === undefined || isBesideRecover(evidence, node.thing)) return
  const tree = treeOf(parent)
  const better = removals.find(({ epoch, device }) => epoch === parent.id && tree.has(device))
  if (better === undefined || isAgreedWithout(evidence, better, at, tip)) return
  world.fail('removal-lost', `${better.id} to ${node.id}`)
}

/** Whether every device of an epoch on the path, from this one on, said that it was there while it knew nothing of that commit. */
function isAgreedWithout({ known, isBefore }: Evidence, commit: Thing, from: Epoch, tip: Epoch): boolean {
  for (let at: Epoch | undefined = tip; at !== undefined && at.depth >= from.depth; at = at.parent) {
    const { id } = at
    const spoke = known.filter((thing) => thing.body.kind === 'ack' && thing.epoch === id && !isBefore(commit, thing))
    const said = new Set(spoke.map(({ device }) => device))
    if ([...treeOf(at)].every((device) => said.has(device))) return true
  }
  return false
}
