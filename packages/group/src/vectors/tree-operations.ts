import { decodeProposal, type Proposal } from 'ts-mls/proposal.js'
import {
  addLeafNode,
  decodeRatchetTree,
  encodeRatchetTree,
  removeLeafNode,
  updateLeafNode,
  type RatchetTree,
} from 'ts-mls/ratchetTree.js'
import { treeHashRoot } from 'ts-mls/treeHash.js'
import { toLeafIndex } from 'ts-mls/treemath.js'
import { same, whole, type HexText } from './check.ts'
import { suiteOf } from './suites.ts'

interface Vector {
  cipher_suite: number
  tree_before: HexText
  proposal: HexText
  proposal_sender: number
  tree_hash_before: HexText
  tree_after: HexText
  tree_hash_after: HexText
}

export async function treeOperations(vector: Vector): Promise<void> {
  const { hash } = await suiteOf(vector.cipher_suite)
  const before = whole(decodeRatchetTree, vector.tree_before)
  same(await treeHashRoot(before, hash), vector.tree_hash_before, 'tree_hash_before')
  const after = applied(before, whole(decodeProposal, vector.proposal), vector.proposal_sender)
  same(encodeRatchetTree(after), vector.tree_after, 'tree_after')
  same(await treeHashRoot(after, hash), vector.tree_hash_after, 'tree_hash_after')
}

function applied(tree: RatchetTree, proposal: Proposal, sender: number): RatchetTree {
  switch (proposal.proposalType) {
    case 'add':
      return addLeafNode(tree, proposal.add.keyPackage.leafNode)[0]
    case 'update':
      return updateLeafNode(tree, proposal.update.leafNode, toLeafIndex(sender))
    case 'remove':
      return removeLeafNode(tree, toLeafIndex(proposal.remove.removed))
    default:
      throw new Error('not an operation on the tree')
  }
}
