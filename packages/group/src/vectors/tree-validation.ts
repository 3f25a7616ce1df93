import { verifyLeafNodeSignature } from 'ts-mls/leafNode.js'
import { verifyParentHashes } from 'ts-mls/parentHash.js'
import { decodeRatchetTree, resolution } from 'ts-mls/ratchetTree.js'
import { treeHash } from 'ts-mls/treeHash.js'
import { toNodeIndex } from 'ts-mls/treemath.js'
import { check, fromHex, same, whole, type HexText } from './check.ts'
import { suiteOf } from './suites.ts'

interface Vector {
  cipher_suite: number
  tree: HexText
  group_id: HexText
  resolutions: number[][]
  tree_hashes: HexText[]
}

export async function treeValidation(vector: Vector): Promise<void> {
  const { hash, signature } = await suiteOf(vector.cipher_suite)
  const tree = whole(decodeRatchetTree, vector.tree)
  check(vector.resolutions.length === tree.length && vector.tree_hashes.length === tree.length, 'number of nodes')
  for (const [index, expected] of vector.resolutions.entries()) {
    const found = resolution(tree, toNodeIndex(index))
    check(found.length === expected.length && found.every((n, i) => n === expected[i]), `resolution of ${index}`)
  }
  for (const [index, expected] of vector.tree_hashes.entries()) {
    same(await treeHash(tree, toNodeIndex(index), hash), expected, `tree hash of ${index}`)
  }
  check(await verifyParentHashes(tree, hash), 'parent hashes')
  for (const [index, node] of tree.entries()) {
    if (node?.nodeType !== 'leaf') continue
    const good = await verifyLeafNodeSignature(node.leaf, fromHex(vector.group_id), index / 2, signature)
    check(good, `signature of leaf ${index / 2}`)
  }
}
