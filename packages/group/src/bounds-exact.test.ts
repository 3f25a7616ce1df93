import type { Commit } from 'ts-mls/commit.js'
import type { LeafNode } from 'ts-mls/leafNode.js'
import type { Proposal } from 'ts-mls/proposal.js'
import { beforeAll, expect, test } from 'vitest'
import { isBoundedCommit, isBoundedTree } from './bounds.ts'
import { SUITE } from './engine.ts'
import { contentOf, freeCommit, lawless } from './fixtures/insider/forge.ts'
import { sceneOf, type Scene } from './fixtures/insider/scene.ts'
import { must } from './fixtures/world.ts'
import { decodeKeyPackage } from './key-package.ts'
import {
  MAX_CAPABILITIES,
  MAX_CREDENTIAL,
  MAX_DEVICES,
  MAX_KEY_PACKAGE,
  MAX_PATH_NODES,
  MAX_PROPOSALS,
} from './limits.ts'

// Each list of a commit and of a tree at its limit, and one beyond. That what is beyond costs nothing shows `bounds.test.ts`.

let scene: Scene
let honest: Required<Commit> & { readonly path: NonNullable<Commit['path']> }

beforeAll(async () => {
  scene = await sceneOf('bounds/exact')
  const state = lawless(scene.states.mallory)
  const suite = scene.engine[SUITE]
  const { proposals, path } = await contentOf(suite, state, await freeCommit(suite, state))
  if (path === undefined) throw new Error('no path')
  honest = { proposals, path }
})

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}

const withLeaf = (changes: Partial<LeafNode>): Commit => {
  const { leafNode } = honest.path
  return { ...honest, path: { ...honest.path, leafNode: { ...leafNode, ...changes } as typeof leafNode } }
}

/** Whether a commit or tree with so many is within bounds. */
type Sized = (count: number) => boolean

const LISTS: readonly (readonly [name: string, most: number, isBounded: Sized])[] = [
  [
    'proposals',
    MAX_PROPOSALS,
    (count) => {
      const remove = (removed: number): Proposal => ({ proposalType: 'remove', remove: { removed } })
      const proposals = times(count, (i) => ({ proposalOrRefType: 'proposal' as const, proposal: remove(i) }))
      return isBoundedCommit({ ...honest, proposals })
    },
  ],
  [
    'nodes of a path',
    MAX_PATH_NODES,
    (count) => {
      const [node] = honest.path.nodes
      if (node === undefined) throw new Error('no node')
      return isBoundedCommit({ ...honest, path: { ...honest.path, nodes: times(count, () => node) } })
    },
  ],
  [
    'ciphertexts of a node',
    MAX_DEVICES,
    (count) => {
      const none = { kemOutput: new Uint8Array(), ciphertext: new Uint8Array() }
      const nodes = honest.path.nodes.map((node) => ({ ...node, encryptedPathSecret: times(count, () => none) }))
      return isBoundedCommit({ ...honest, path: { ...honest.path, nodes } })
    },
  ],
  [
    'capabilities of a kind',
    MAX_CAPABILITIES,
    (count) => {
      const { capabilities } = honest.path.leafNode
      const many = { ...capabilities, extensions: times(count, (i) => 0xf000 + i) }
      return isBoundedCommit(withLeaf({ capabilities: many }))
    },
  ],
  [
    'bytes of a credential',
    MAX_CREDENTIAL,
    (count) => isBoundedCommit(withLeaf({ credential: { credentialType: 'basic', identity: new Uint8Array(count) } })),
  ],
  [
    'extensions of a leaf',
    0,
    (count) =>
      isBoundedCommit(
        withLeaf({ extensions: times(count, () => ({ extensionType: 0xf000, extensionData: new Uint8Array() })) }),
      ),
  ],
  [
    'extensions of a key package that is added',
    0,
    (count) => {
      const keyPackage = must(decodeKeyPackage(scene.newcomer.public))
      const extensions = times(count, () => ({ extensionType: 0xf000, extensionData: new Uint8Array() }))
      const proposal: Proposal = { proposalType: 'add', add: { keyPackage: { ...keyPackage, extensions } } }
      return isBoundedCommit({ ...honest, proposals: [{ proposalOrRefType: 'proposal', proposal }] })
    },
  ],
  ['nodes of a tree', 2 * MAX_DEVICES - 1, (count) => isBoundedTree(times(count, () => undefined))],
]

test.for(LISTS)('%s: %d and no more', ([, most, isBounded]) => {
  expect([most, most + 1].map(isBounded)).toEqual([true, false])
})

test('a leaf of an add is looked at like that of a path', () => {
  const keyPackage = must(decodeKeyPackage(scene.newcomer.public))
  const identity = new Uint8Array(MAX_KEY_PACKAGE)
  const leafNode = { ...keyPackage.leafNode, credential: { credentialType: 'basic' as const, identity } }
  const proposal: Proposal = { proposalType: 'add', add: { keyPackage: { ...keyPackage, leafNode } } }
  expect(isBoundedCommit({ ...honest, proposals: [{ proposalOrRefType: 'proposal', proposal }] })).toBe(false)
})

test('unmerged leaves ascend, none twice', () => {
  const { ratchetTree } = lawless(scene.states.mallory)
  const parent = ratchetTree.find((node) => node?.nodeType === 'parent')
  if (parent?.nodeType !== 'parent') throw new Error('no parent')
  const isBounded = (unmergedLeaves: number[]): boolean =>
    isBoundedTree([{ ...parent, parent: { ...parent.parent, unmergedLeaves } }])
  expect([[], [3], [0, 1, 7]].every(isBounded)).toBe(true)
  expect(
    [
      [1, 0],
      [1, 1],
      [0, 2, 2],
      [0, 5, 3],
    ].some(isBounded),
  ).toBe(false)
})
