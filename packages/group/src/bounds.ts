import type { Commit } from 'ts-mls/commit.js'
import type { LeafNode } from 'ts-mls/leafNode.js'
import type { Proposal } from 'ts-mls/proposal.js'
import type { RatchetTree } from 'ts-mls/ratchetTree.js'
import { MAX_CAPABILITIES, MAX_CREDENTIAL, MAX_DEVICES, MAX_PATH_NODES, MAX_PROPOSALS } from './limits.ts'

// The library compares many lists with each other, or with themselves, so what a member may put into one comes first: 150 KB of proposals
// would keep every other member busy for most of a minute, and an epoch keeps for ever what a leaf carries.

/** Whether a commit is of a size that an honest one can have. */
export function isBoundedCommit({ proposals, path }: Commit): boolean {
  if (proposals.length > MAX_PROPOSALS) return false
  if (!proposals.every((entry) => entry.proposalOrRefType === 'proposal' && isBoundedProposal(entry.proposal))) {
    return false
  }
  if (path === undefined) return true
  if (path.nodes.length > MAX_PATH_NODES || !isBoundedLeaf(path.leafNode)) return false
  return path.nodes.every(({ encryptedPathSecret }) => encryptedPathSecret.length <= MAX_DEVICES)
}

/** Whether a ratchet tree is of a size that an honest one can have, and its lists of unmerged leaves are in order (RFC 9420 7.1). */
export function isBoundedTree(tree: RatchetTree): boolean {
  if (tree.length > 2 * MAX_DEVICES - 1) return false
  return tree.every((node) => {
    if (node === undefined) return true
    return node.nodeType === 'leaf' ? isBoundedLeaf(node.leaf) : isAscending(node.parent.unmergedLeaves)
  })
}

/** Whether a leaf carries no more than a device may say about itself. */
export function isBoundedLeaf({ capabilities, credential, extensions }: LeafNode): boolean {
  if (extensions.length > 0) return false
  if (credential.credentialType !== 'basic' || credential.identity.length > MAX_CREDENTIAL) return false
  return Object.values(capabilities).every((list) => list.length <= MAX_CAPABILITIES)
}

/** Of other kinds there are none, whatever they say: nobody looks further at them. */
function isBoundedProposal(proposal: Proposal): boolean {
  if (proposal.proposalType === 'add') {
    const { leafNode, extensions } = proposal.add.keyPackage
    return extensions.length === 0 && isBoundedLeaf(leafNode)
  }
  return proposal.proposalType === 'remove'
}

function isAscending(leaves: readonly number[]): boolean {
  return leaves.every((leaf, i) => i === 0 || leaf > (leaves[i - 1] ?? leaf))
}
