import { bytesToHex } from '@noble/hashes/utils.js'
import { applyUpdatePathSecret } from 'ts-mls/createCommit.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { deriveSecret } from 'ts-mls/crypto/kdf.js'
import type { GroupContext } from 'ts-mls/groupContext.js'
import { pathToPathSecrets, pathToRoot } from 'ts-mls/pathSecrets.js'
import type { PrivateKeyPath } from 'ts-mls/privateKeyPath.js'
import { decodeRatchetTree, getHpkePublicKey, type RatchetTree } from 'ts-mls/ratchetTree.js'
import { treeHashRoot } from 'ts-mls/treeHash.js'
import { leafWidth, root, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js'
import { applyUpdatePath, createUpdatePath, decodeUpdatePath, type UpdatePath } from 'ts-mls/updatePath.js'
import { check, fromHex, same, whole, type HexText } from './check.ts'
import { checkHpkePair } from './key-pair.ts'
import { suiteOf } from './suites.ts'

interface PrivateLeaf {
  index: number
  encryption_priv: HexText
  signature_priv: HexText
  path_secrets: { node: number; path_secret: HexText }[]
}

interface PathVector {
  sender: number
  update_path: HexText
  path_secrets: (HexText | null)[]
  commit_secret: HexText
  tree_hash_after: HexText
}

interface Vector {
  cipher_suite: number
  group_id: HexText
  epoch: number
  confirmed_transcript_hash: HexText
  ratchet_tree: HexText
  leaves_private: PrivateLeaf[]
  update_paths: PathVector[]
}

interface Group {
  suite: CiphersuiteImpl
  tree: RatchetTree
  context: GroupContext
  leaves: ReadonlyMap<number, { keys: PrivateKeyPath; signatureKey: Uint8Array }>
}

export async function treekem(vector: Vector): Promise<void> {
  const suite = await suiteOf(vector.cipher_suite)
  const tree = whole(decodeRatchetTree, vector.ratchet_tree)
  const context: GroupContext = {
    version: 'mls10',
    cipherSuite: suite.name,
    groupId: fromHex(vector.group_id),
    epoch: BigInt(vector.epoch),
    treeHash: await treeHashRoot(tree, suite.hash),
    confirmedTranscriptHash: fromHex(vector.confirmed_transcript_hash),
    extensions: [],
  }
  const leaves = new Map<number, { keys: PrivateKeyPath; signatureKey: Uint8Array }>()
  for (const leaf of vector.leaves_private) {
    const keys = await privateLeaf(suite, tree, leaf)
    leaves.set(leaf.index, { keys, signatureKey: fromHex(leaf.signature_priv) })
  }
  const group: Group = { suite, tree, context, leaves }
  for (const path of vector.update_paths) {
    await processed(group, path)
    await created(group, path.sender)
  }
}

/** The leaf's private state, checked against the public tree. */
async function privateLeaf(suite: CiphersuiteImpl, tree: RatchetTree, leaf: PrivateLeaf): Promise<PrivateKeyPath> {
  const privateKeys: Record<number, Uint8Array> = { [2 * leaf.index]: fromHex(leaf.encryption_priv) }
  await checkHpkePair(suite.hpke, publicKeyAt(tree, 2 * leaf.index), fromHex(leaf.encryption_priv), 'encryption_priv')
  for (const { node, path_secret } of leaf.path_secrets) {
    const pair = await suite.hpke.deriveKeyPair(await deriveSecret(fromHex(path_secret), 'node', suite.kdf))
    const derived = bytesToHex(await suite.hpke.exportPublicKey(pair.publicKey))
    same(publicKeyAt(tree, node), derived, `public key of node ${node}`)
    privateKeys[node] = await suite.hpke.exportPrivateKey(pair.privateKey)
  }
  const node = tree[2 * leaf.index]
  const probe = Uint8Array.of(1)
  const signature = await suite.signature.sign(fromHex(leaf.signature_priv), probe)
  const isOwner = node?.nodeType === 'leaf' && suite.signature.verify(node.leaf.signaturePublicKey, probe, signature)
  check(await isOwner, `signature_priv of leaf ${leaf.index}`)
  return { leafIndex: leaf.index, privateKeys }
}

function publicKeyAt(tree: RatchetTree, index: number): Uint8Array {
  const node = tree[index]
  if (node === undefined) throw new Error(`private key for blank node ${index}`)
  return getHpkePublicKey(node)
}

async function processed(group: Group, vector: PathVector): Promise<void> {
  const { suite, tree, context } = group
  const path = whole(decodeUpdatePath, vector.update_path)
  const after = await applyUpdatePath(tree, toLeafIndex(vector.sender), path, suite.hash)
  const treeHash = await treeHashRoot(after, suite.hash)
  same(treeHash, vector.tree_hash_after, 'tree_hash_after')
  for (const [index, { keys }] of group.leaves) {
    if (index === vector.sender) continue
    const secret = await received(suite, after, keys, vector.sender, { ...context, treeHash }, path)
    same(secret.pathSecret, vector.path_secrets[index] ?? '', `path secret of leaf ${index}`)
    same(secret.commitSecret, vector.commit_secret, `commit secret at leaf ${index}`)
  }
}

/** A path of our own making leads everybody to one commit secret. */
async function created(group: Group, sender: number): Promise<void> {
  const { suite, tree, context } = group
  const signatureKey = group.leaves.get(sender)?.signatureKey
  if (signatureKey === undefined) throw new Error('no private state for the sender')
  const made = await createUpdatePath(tree, toLeafIndex(sender), context, signatureKey, suite)
  const [, path, secrets] = made
  const after = await applyUpdatePath(tree, toLeafIndex(sender), path, suite.hash)
  const next = { ...context, epoch: context.epoch + 1n, treeHash: await treeHashRoot(after, suite.hash) }
  const last = secrets.at(-1)
  if (last === undefined) throw new Error('a path without secrets')
  const rootSecret = pathToPathSecrets(secrets)[root(leafWidth(tree.length))] ?? last.secret
  const commitSecret = await deriveSecret(rootSecret, 'path', suite.kdf)
  for (const [index, { keys }] of group.leaves) {
    if (index === sender) continue
    const secret = await received(suite, after, keys, sender, next, path)
    check(
      secret.commitSecret.every((byte, i) => byte === commitSecret[i]),
      `own commit secret at leaf ${index}`,
    )
  }
}

async function received(
  suite: CiphersuiteImpl,
  tree: RatchetTree,
  keys: PrivateKeyPath,
  sender: number,
  context: GroupContext,
  path: UpdatePath,
): Promise<{ pathSecret: Uint8Array; commitSecret: Uint8Array }> {
  const { nodeIndex, pathSecret } = await applyUpdatePathSecret(
    tree,
    keys,
    toLeafIndex(sender),
    context,
    path,
    [],
    suite,
  )
  const secrets = await pathToRoot(tree, toNodeIndex(nodeIndex), pathSecret, suite.kdf)
  const rootSecret = secrets[root(leafWidth(tree.length))]
  if (rootSecret === undefined) throw new Error('no secret for the root')
  return { pathSecret, commitSecret: await deriveSecret(rootSecret, 'path', suite.kdf) }
}
