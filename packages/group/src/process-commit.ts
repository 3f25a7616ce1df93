import { ok, refuse, type DeviceId } from '@sotto/interface'
import type { IncomingMessageCallback } from 'ts-mls/incomingMessageAction.js'
import { processPrivateMessage, type ProcessMessageResult } from 'ts-mls/processMessages.js'
import type { ProposalOrRef } from 'ts-mls/proposalOrRefType.js'
import { emptyPskIndex } from 'ts-mls/pskIndex.js'
import { decodeCommitData, type CommitData } from './commit-data.ts'
import { SUITE, type GroupEngine } from './engine.ts'
import { MAX_COMMIT } from './limits.ts'
import { checkIdentities, type Checked, type Member, type Verify } from './members.ts'
import { privateMessageFor } from './private-message.ts'
import type { GroupResult } from './reasons.ts'
import { refusalOf } from './refusal.ts'
import { INNER, knownBy, newEpoch, roster, withConfig, type EpochState } from './state.ts'
import { holdsItsKeys, isGoodTree } from './tree-check.ts'

export interface Processed extends CommitData {
  readonly child: EpochState
  readonly committer: DeviceId
  readonly added: readonly Member[]
  readonly removed: readonly Member[]
}

type NewState = Extract<ProcessMessageResult, { kind: 'newState' }>

/** Only adding and removing, and by value: everything else (external commits, PSKs, re-initialisation) is not ours. */
const onlyAddAndRemove: IncomingMessageCallback = (incoming) =>
  incoming.kind === 'commit' &&
  incoming.proposals.every(({ proposal: { proposalType: t } }) => t === 'add' || t === 'remove')
    ? 'accept'
    : 'reject'

/**
 * Processes somebody's commit against the state of its parent epoch, which stays as it is (a sibling may come later).
 * Whether the committer was allowed to is not judged here. Refuses with `removed` when this device is taken out.
 */
export async function processCommit(
  engine: GroupEngine,
  parent: EpochState,
  commit: Uint8Array,
  options: { verify: Verify },
): Promise<GroupResult<Processed>> {
  const message = privateMessageFor(parent, commit, 'commit', MAX_COMMIT)
  if (!message.ok) return message
  const checked = checkIdentities(options.verify, knownBy(parent))
  const state = withConfig(parent, checked.service)
  let processed: ProcessMessageResult
  try {
    processed = await processPrivateMessage(state, message.value, emptyPskIndex, engine[SUITE], onlyAddAndRemove)
  } catch (thrown) {
    return refusalOf(thrown, checked.refused() ? 'bad-credential' : 'bad-commit')
  }
  if (processed.kind !== 'newState' || processed.actionTaken !== 'accept') return refuse('bad-commit')
  if (processed.newState.groupActiveState.kind === 'removedFromGroup') return refuse('removed')
  return childOf(engine, parent, processed, checked)
}

async function childOf(
  engine: GroupEngine,
  parent: EpochState,
  processed: NewState,
  checked: Checked,
): Promise<GroupResult<Processed>> {
  const { clientConfig: _, ...mls } = processed.newState
  const data = decodeCommitData(processed.authenticatedData ?? new Uint8Array())
  const members = checked.members(mls.ratchetTree)
  const committer = roster(parent).find((m) => m.leafIndex === processed.senderLeafIndex)
  if (members === undefined) return refuse('bad-credential')
  if (!data.ok || committer === undefined || processed.commit?.path === undefined) return refuse('bad-commit')
  if (!members.some((m) => m.leafIndex === committer.leafIndex && isSame(m, committer))) return refuse('bad-commit')
  const before = parent[INNER].mls.ratchetTree
  if (!isGoodTree(mls.ratchetTree, before) || !(await holdsItsKeys(engine, mls, before))) return refuse('bad-tree')
  const gone = leavesRemovedBy(processed.commit.proposals)
  const added = without(members, roster(parent), gone)
  const removed = without(roster(parent), members, gone)
  if (removed.length > 0 && !data.value.opensGeneration) return refuse('bad-commit')
  const secret = data.value.opensGeneration ? undefined : parent[INNER].generationSecret
  const child = await newEpoch(engine, mls, members, secret)
  return ok({ ...data.value, child, committer: committer.device, added, removed })
}

/** A device that is taken out and comes in again with the same commit may get the leaf that it had: nothing but the proposals tell. */
function leavesRemovedBy(proposals: readonly ProposalOrRef[]): ReadonlySet<number> {
  return new Set(
    proposals.flatMap((entry) =>
      entry.proposalOrRefType === 'proposal' && entry.proposal.proposalType === 'remove'
        ? [entry.proposal.remove.removed]
        : [],
    ),
  )
}

/** Those who are not among the others at the same leaf, or whose leaf was taken out of the tree first. */
function without(members: readonly Member[], others: readonly Member[], gone: ReadonlySet<number>): readonly Member[] {
  const byLeaf = new Map(others.map((other) => [other.leafIndex, other]))
  return members.filter((member) => {
    const other = byLeaf.get(member.leafIndex)
    return other === undefined || gone.has(member.leafIndex) || !isSame(member, other)
  })
}

/** A commit renews keys and may lengthen the device chain; it never turns one device or account into another. */
function isSame(a: Member, b: Member): boolean {
  return a.device === b.device && a.account === b.account
}
