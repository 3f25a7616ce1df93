import { sha512 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { createSecretTree, keepKeysOnly, ratchetToGeneration, type SecretTree } from 'ts-mls/secretTree.js'
import { expandWithLabel } from 'ts-mls/crypto/kdf.js'
import type { LeafNode } from 'ts-mls/leafNode.js'
import { addLeafNode, removeLeafNode, removeLeaves, type RatchetTree } from 'ts-mls/ratchetTree.js'
import type { SenderData } from 'ts-mls/sender.js'
import { encodeTreeHashInput, treeHash, treeHashWithout } from 'ts-mls/treeHash.js'
import {
  directPath,
  left,
  leafToNodeIndex,
  leafWidth,
  right,
  root,
  toLeafIndex,
  type NodeIndex,
} from 'ts-mls/treemath.js'
import { expect, test } from 'vitest'
import { seededRandom } from './fixtures/world.ts'
import { nobleCrypto } from './provider/noble-crypto.ts'
import { hashOf } from './provider/hash.ts'
import { nobleKems } from './provider/noble-kems.ts'
import { sottoSuite } from './provider/suite.ts'
import { xWing } from './provider/x-wing.ts'

// What the patched library keeps instead of computing again is what it would compute: against plain implementations of RFC 9420.

const random = seededRandom('library-cache')
const suite = sottoSuite({ crypto: nobleCrypto, random, kem: xWing(nobleKems) })
const RETENTION = { retainKeysForGenerations: 3, retainKeysForEpochs: 0, maximumForwardRatchetSteps: 20 }

interface Use {
  leaf: number
  generation: number
  contentType: 'application' | 'commit'
}

const useArbitrary: fc.Arbitrary<Use> = fc.record({
  leaf: fc.nat({ max: 31 }),
  generation: fc.nat({ max: 6 }),
  contentType: fc.constantFrom('application', 'commit'),
})

test('a lazy secret tree gives the keys of a whole one, in any order, and refuses the same', async () => {
  const property = async (depth: number, uses: readonly Use[]) => {
    const width = 2 ** depth
    const secret = random.bytes(64)
    let lazy = await createSecretTree(width, secret, suite.kdf)
    let whole = await wholeTree(width, secret)
    secret.fill(0) // callers wipe it
    for (const { leaf, generation, contentType } of uses) {
      const sender = { leafIndex: leaf % width, generation, reuseGuard: random.bytes(4) as SenderData['reuseGuard'] }
      const one = await outcome(lazy, sender, contentType)
      const other = await outcome(whole, sender, contentType)
      expect({ ...one, newTree: 0 }).toEqual({ ...other, newTree: 0 })
      lazy = one.newTree ?? lazy
      whole = other.newTree ?? whole
      expect(Object.entries(lazy.leaves).every(([at, ratchets]) => isSame(whole.leaves[Number(at)], ratchets))).toBe(
        true,
      )
    }
  }
  await fc.assert(fc.asyncProperty(fc.nat({ max: 5 }), fc.array(useArbitrary, { maxLength: 12 }), property), {
    numRuns: 40,
    seed: 1,
  })
})

test('of a leaf that was used, no secret above it is left, and of every other leaf exactly one', async () => {
  const property = async (depth: number, leaves: readonly number[]) => {
    const width = 2 ** depth
    let tree = await createSecretTree(width, random.bytes(64), suite.kdf)
    for (const leaf of leaves) {
      const sender = { leafIndex: leaf % width, generation: 0, reuseGuard: random.bytes(4) as SenderData['reuseGuard'] }
      tree = (await outcome(tree, sender, 'application')).newTree ?? tree
    }
    const used = new Set(leaves.map((leaf) => leaf % width))
    for (let leaf = 0; leaf < width; leaf += 1) {
      const node = leafToNodeIndex(toLeafIndex(leaf))
      const above = [node, ...directPath(node, width)].filter((at) => tree.nodes[at] !== undefined)
      expect(above).toHaveLength(used.has(leaf) ? 0 : 1)
    }
  }
  await fc.assert(fc.asyncProperty(fc.nat({ max: 6 }), fc.array(fc.nat({ max: 63 }), { maxLength: 10 }), property), {
    numRuns: 40,
    seed: 2,
  })
})

test('a node outside the tree, and one that is no leaf, has no ratchet', async () => {
  const tree = await createSecretTree(4, random.bytes(64), suite.kdf)
  for (const leafIndex of [4, 1000, 0.5]) {
    const sender = { leafIndex, generation: 0, reuseGuard: random.bytes(4) as SenderData['reuseGuard'] }
    await expect(ratchetToGeneration(tree, sender, 'application', RETENTION, suite)).rejects.toThrow('Bad node index')
  }
})

type Change = { add: true } | { remove: number } | { commit: number }

const changeArbitrary: fc.Arbitrary<Change> = fc.oneof(
  fc.constant({ add: true as const }),
  fc.record({ remove: fc.nat({ max: 40 }) }),
  fc.record({ commit: fc.nat({ max: 40 }) }),
)

test('kept tree hashes are those of a tree that was never hashed before, with and without leaves, also of siblings', async () => {
  const hash = hashOf(sha512)
  const property = async (changes: readonly Change[], without: readonly number[]) => {
    let trees: RatchetTree[] = [[{ nodeType: 'leaf', leaf: leafNode() }]]
    for (const [step, change] of changes.entries()) {
      const parent = trees[step % trees.length] ?? []
      trees = [...trees.slice(-3), changed(parent, change)]
      for (const tree of trees) await compare(tree, without)
    }
  }
  const compare = async (tree: RatchetTree, without: readonly number[]) => {
    const width = leafWidth(tree.length)
    // One stays: the library's own `removeLeaves`, which this is compared with, cannot empty a tree.
    const stays = tree.findIndex((node) => node?.nodeType === 'leaf') / 2
    const leaves = without.filter((leaf) => leaf !== stays && tree[2 * leaf] !== undefined)
    expect(await treeHash(tree, root(width), hash)).toEqual(plainHash(tree, root(width)))
    const blanked = removeLeaves(tree, leaves.map(toLeafIndex))
    for (let at = 0; at < tree.length; at += 3) {
      const node = at as NodeIndex
      expect(await treeHashWithout(tree, node, leaves, hash)).toEqual(plainHash(blanked, node))
    }
  }
  const histories = fc.array(changeArbitrary, { minLength: 1, maxLength: 14 })
  await fc.assert(fc.asyncProperty(histories, fc.array(fc.nat({ max: 12 }), { maxLength: 3 }), property), {
    numRuns: 60,
    seed: 3,
  })
})

/** RFC 9420 section 9, all at once. */
async function wholeTree(width: number, encryptionSecret: Uint8Array): Promise<SecretTree> {
  const { kdf } = suite
  const empty = new Uint8Array()
  const leaves: SecretTree['leaves'] = {}
  const visit = async (node: NodeIndex, secret: Uint8Array): Promise<void> => {
    if (node % 2 === 0) {
      const of = async (label: string) => ({
        secret: await expandWithLabel(secret, label, empty, kdf.size, kdf),
        generation: 0,
        unusedGenerations: {},
      })
      leaves[node] = { handshake: await of('handshake'), application: await of('application') }
      return
    }
    for (const [side, child] of [
      ['left', left(node)],
      ['right', right(node)],
    ] as const) {
      await visit(child, await expandWithLabel(secret, 'tree', new TextEncoder().encode(side), kdf.size, kdf))
    }
  }
  await visit(root(width), encryptionSecret)
  return { leafWidth: width, nodes: {}, leaves }
}

async function outcome(
  tree: SecretTree,
  sender: SenderData,
  contentType: Use['contentType'],
): Promise<{ key?: Uint8Array; nonce?: Uint8Array; newTree?: SecretTree; refused?: string }> {
  try {
    const { key, nonce, newTree } = await ratchetToGeneration(tree, sender, contentType, RETENTION, suite)
    return { key, nonce, newTree: await keepKeysOnly(newTree, sender.leafIndex, contentType, suite) }
  } catch (thrown) {
    return { refused: String(thrown) }
  }
}

function isSame(a: unknown, b: unknown): boolean {
  expect(a).toEqual(b)
  return true
}

function changed(tree: RatchetTree, change: Change): RatchetTree {
  if ('add' in change) return addLeafNode(tree, leafNode())[0]
  const wanted = toLeafIndex('remove' in change ? change.remove : change.commit)
  const at = leafToNodeIndex(wanted)
  const width = leafWidth(tree.length)
  if (tree[at] === undefined) return tree
  if ('remove' in change) {
    const isLast = tree.filter((node) => node?.nodeType === 'leaf').length === 1
    return isLast ? tree : removeLeafNode(tree, wanted)
  }
  const copy = [...tree]
  copy[at] = { nodeType: 'leaf', leaf: leafNode() }
  for (const node of directPath(at, width)) {
    const parent = { hpkePublicKey: random.bytes(32), parentHash: random.bytes(32), unmergedLeaves: [] }
    copy[node] = { nodeType: 'parent', parent }
  }
  return copy
}

function leafNode(): LeafNode {
  return {
    hpkePublicKey: random.bytes(32),
    signaturePublicKey: random.bytes(32),
    credential: { credentialType: 'basic', identity: random.bytes(9) },
    capabilities: {
      versions: ['mls10'],
      ciphersuites: [suite.name],
      extensions: [],
      proposals: [],
      credentials: ['basic'],
    },
    leafNodeSource: 'commit',
    parentHash: random.bytes(32),
    extensions: [],
    signature: random.bytes(64),
  }
}

/** RFC 9420 section 7.8, from scratch. */
function plainHash(tree: RatchetTree, at: NodeIndex): Uint8Array {
  const node = tree[at]
  if (at % 2 === 0) {
    const leaf = node?.nodeType === 'leaf' ? node.leaf : undefined
    return sha512(encodeTreeHashInput({ nodeType: 'leaf', leafIndex: at / 2, leafNode: leaf }))
  }
  const parentNode = node?.nodeType === 'parent' ? node.parent : undefined
  const [leftHash, rightHash] = [plainHash(tree, left(at)), plainHash(tree, right(at))]
  return sha512(encodeTreeHashInput({ nodeType: 'parent', parentNode, leftHash, rightHash }))
}
