import { ok, refuse, SottoError, type DeviceId } from '@sotto/interface'
import { createCommit, type CreateCommitResult } from 'ts-mls/createCommit.js'
import type { Proposal } from 'ts-mls/proposal.js'
import { encodeCommitData } from './commit-data.ts'
import { SUITE, type GroupEngine } from './engine.ts'
import { decodeKeyPackage } from './key-package.ts'
import { MAX_AUTHENTICATED } from './limits.ts'
import { checkIdentities, type Verify } from './members.ts'
import { encodeMessage } from './message-codec.ts'
import type { GroupResult } from './reasons.ts'
import { refusalOf } from './refusal.ts'
import { INNER, knownBy, movedOn, newEpoch, roster, withConfig, type EpochState } from './state.ts'
import { isGoodTree } from './tree-check.ts'
import { generationExtension } from './welcome-data.ts'

/** What a commit changes. Nothing given: only this device's keys (an update). `verify` is needed when adding. */
export interface Change {
  readonly update?: true
  /** Key packages of the devices to add. */
  readonly add?: readonly Uint8Array[]
  readonly remove?: readonly DeviceId[]
  readonly verify?: Verify
  /** Seconds since 1970: refuses key packages that are not valid then. */
  readonly now?: number
}

export interface Committed {
  /** The epoch before, without the message key that the commit was sealed with: store it in place of the old one. */
  readonly parent: EpochState
  readonly child: EpochState
  readonly commit: Uint8Array
  /** One for all added devices, ratchet tree included. */
  readonly welcome?: Uint8Array
}

/**
 * Commits a change to this device's epoch: answers the child, always with an UpdatePath. A commit that removes
 * somebody always opens a generation. Store parent and child before the commit leaves: own commits are never processed.
 */
export async function commit(
  engine: GroupEngine,
  state: EpochState,
  change: Change,
  options: { opensGeneration: boolean; authenticatedData?: Uint8Array },
): Promise<GroupResult<Committed>> {
  const authenticatedData = options.authenticatedData ?? new Uint8Array()
  if (authenticatedData.length > MAX_AUTHENTICATED) {
    throw new SottoError('commit-data-too-large', `A commit carries at most ${MAX_AUTHENTICATED} bytes of intents.`)
  }
  const proposals = proposalsOf(state, change)
  if (!proposals.ok) return proposals
  const opensGeneration = options.opensGeneration || (change.remove?.length ?? 0) > 0
  const secret = opensGeneration ? undefined : state[INNER].generationSecret
  const checked = checkIdentities(change.verify, knownBy(state))
  let made: CreateCommitResult
  try {
    made = await createCommit(
      { state: withConfig(state, checked.service), cipherSuite: engine[SUITE] },
      {
        extraProposals: proposals.value,
        ratchetTreeExtension: true,
        forcePath: true,
        groupInfoExtensions: [generationExtension(secret)],
        authenticatedData: encodeCommitData({ opensGeneration, authenticatedData }),
      },
    )
  } catch (thrown) {
    return refusalOf(thrown, checked.refused() ? 'bad-credential' : 'bad-key-package')
  }
  const { clientConfig: _, ...mls } = made.newState
  const members = checked.members(mls.ratchetTree)
  if (members === undefined) return refuse('bad-credential')
  if (!isGoodTree(mls.ratchetTree, state[INNER].mls.ratchetTree)) return refuse('bad-tree')
  const { clientConfig: __, ...parent } = made.parentState
  return ok({
    parent: movedOn(state, parent),
    child: await newEpoch(engine, mls, members, secret),
    commit: encodeMessage(made.commit),
    ...(made.welcome === undefined ? {} : { welcome: encodeWelcome(made.welcome) }),
  })
}

function encodeWelcome(welcome: NonNullable<CreateCommitResult['welcome']>): Uint8Array {
  return encodeMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome })
}

function proposalsOf(state: EpochState, change: Change): GroupResult<Proposal[]> {
  const proposals: Proposal[] = []
  for (const device of new Set(change.remove)) {
    const member = roster(state).find((m) => m.device === device)
    if (member === undefined || member.leafIndex === state[INNER].mls.privatePath.leafIndex) {
      return refuse('unknown-member')
    }
    proposals.push({ proposalType: 'remove', remove: { removed: member.leafIndex } })
  }
  for (const bytes of change.add ?? []) {
    const keyPackage = decodeKeyPackage(bytes, change.now)
    if (!keyPackage.ok) return keyPackage
    proposals.push({ proposalType: 'add', add: { keyPackage: keyPackage.value } })
  }
  return ok(proposals)
}
