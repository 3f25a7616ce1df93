import type { GroupState } from 'ts-mls/clientState.js'
import type { RatchetTree } from 'ts-mls/ratchetTree.js'
import { nameOfBytes } from 'ts-mls/util/byteArray.js'
import { KEM, type GroupEngine } from './engine.ts'
import { MAX_DEVICES } from './limits.ts'
import { equalBytes } from './provider/equal-bytes.ts'
import { isXWingPublicKey } from './provider/x-wing-key.ts'

/**
 * What the library does not check of a new tree: that all encryption keys and all signature keys differ (RFC 9420
 * 7.3 and 12.4.2; the library compares old keys with each other only), that everybody can encrypt to every key, that
 * leaves carry no extensions, and our cap. `before` is a tree that was already found good.
 */
export function isGoodTree(tree: RatchetTree, before: RatchetTree = []): boolean {
  const encryption = new Set<string>()
  const signature = new Set<string>()
  let nodes = 0
  let leaves = 0
  for (const [index, node] of tree.entries()) {
    if (node === undefined) continue
    const key = node.nodeType === 'leaf' ? node.leaf.hpkePublicKey : node.parent.hpkePublicKey
    if (node !== before[index] && !isXWingPublicKey(key)) return false
    nodes++
    encryption.add(nameOfBytes(key))
    if (node.nodeType !== 'leaf') continue
    if (node.leaf.extensions.length > 0) return false
    leaves++
    signature.add(nameOfBytes(node.leaf.signaturePublicKey))
  }
  return leaves <= MAX_DEVICES && encryption.size === nodes && signature.size === leaves
}

/**
 * Whether the private keys that we derived fit the public keys that the committer published (RFC 9420 7.6, which the
 * library leaves out). Otherwise one member could publish keys that nobody holds, and lock out a part of the tree at
 * the next commit.
 */
export async function holdsItsKeys(engine: GroupEngine, mls: GroupState, before: RatchetTree = []): Promise<boolean> {
  for (const [index, key] of Object.entries(mls.privatePath.privateKeys)) {
    const node = mls.ratchetTree[Number(index)]
    if (node === undefined || node === before[Number(index)]) continue
    const published = node.nodeType === 'leaf' ? node.leaf.hpkePublicKey : node.parent.hpkePublicKey
    if (!equalBytes(await engine[KEM].publicKey(key), published)) return false
  }
  return true
}
