import type { Capabilities } from 'ts-mls/capabilities.js'
import type { ProposalOrRef } from 'ts-mls/proposalOrRefType.js'
import { signLeafNodeCommit } from 'ts-mls/leafNode.js'
import { encodeRatchetTree, type RatchetTree } from 'ts-mls/ratchetTree.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { SUITE } from './engine.ts'
import { costOf } from './fixtures/insider/cost.ts'
import { contentOf, convinced, freeCommit, lawless, sealedCommit } from './fixtures/insider/forge.ts'
import { DAVE, sceneOf, type Scene } from './fixtures/insider/scene.ts'
import { sealedWelcome, welcomingOf } from './fixtures/insider/welcome.ts'
import { must, verify } from './fixtures/world.ts'
import { join, processCommit } from './index.ts'
import { decodeKeyPackage } from './key-package.ts'
import { generationExtension } from './welcome-data.ts'

// Lists of small things: a member's way to keep everybody else busy. 20,000 removals (150 KB) once cost each receiver 40 seconds.

/** A megabyte would hold ten times as many, and cost the forger a minute. */
const MANY = 20_000
const LIMIT_MS = 50

let scene: Scene
beforeAll(async () => {
  scene = await sceneOf('bounds')
})

async function sealedWith(changes: {
  proposals?: ProposalOrRef[]
  capabilities?: Partial<Capabilities>
  secrets?: number
}): Promise<Uint8Array> {
  const suite = scene.engine[SUITE]
  const state = lawless(scene.states.mallory)
  const commit = await contentOf(suite, state, await freeCommit(suite, state))
  const { path } = commit
  if (path === undefined) throw new Error('no path')
  const { leafIndex } = state.privatePath
  const { groupId } = state.groupContext
  const tbs = { ...path.leafNode, capabilities: { ...path.leafNode.capabilities, ...changes.capabilities } }
  const leafNode = await signLeafNodeCommit({ ...tbs, groupId, leafIndex }, state.signaturePrivateKey, suite.signature)
  const [first, ...rest] = path.nodes
  if (first === undefined) throw new Error('no node')
  const none = { kemOutput: new Uint8Array(), ciphertext: new Uint8Array() }
  const more = Array.from({ length: changes.secrets ?? 0 }, () => none)
  const nodes = [{ ...first, encryptedPathSecret: [...first.encryptedPathSecret, ...more] }, ...rest]
  return sealedCommit(suite, state, { proposals: changes.proposals ?? [], path: { leafNode, nodes } })
}

async function expectRefused(bytes: Uint8Array): Promise<void> {
  const process = () => processCommit(convinced(scene.engine), scene.states.alice, bytes, { verify })
  expect((await process()).ok).toBe(false)
  expect(await costOf(process, LIMIT_MS)).toBeLessThan(LIMIT_MS)
}

test('the forger is sound: without a lie the commit is accepted', async () => {
  const bytes = await sealedWith({})
  expect((await processCommit(convinced(scene.engine), scene.states.alice, bytes, { verify })).ok).toBe(true)
})

test.for([513, 5000, MANY])('%d removals', async (count) => {
  const proposals = Array.from({ length: count }, (_, i): ProposalOrRef => {
    return { proposalOrRefType: 'proposal', proposal: { proposalType: 'remove', remove: { removed: i + 10 } } }
  })
  await expectRefused(await sealedWith({ proposals }))
})

test('as many references to proposals', async () => {
  const proposals = Array.from({ length: MANY }, (): ProposalOrRef => {
    return { proposalOrRefType: 'reference', reference: new Uint8Array() }
  })
  await expectRefused(await sealedWith({ proposals }))
})

test.for([65, MANY])('a leaf with %d capabilities of a kind', async (count) => {
  const many = Array.from({ length: count }, (_, i) => 0xf000 + (i % 16))
  await expectRefused(await sealedWith({ capabilities: { proposals: many } }))
  await expectRefused(await sealedWith({ capabilities: { credentials: Array.from(many, () => 'basic' as const) } }))
})

test('path secrets for 20,000 nobodies', async () => {
  await expectRefused(await sealedWith({ secrets: MANY }))
})

describe('a Welcome whose tree', () => {
  /** Mallory's Welcome for Dave, with another tree. */
  async function welcomeWith(change: (tree: RatchetTree) => Uint8Array): Promise<Uint8Array> {
    const { engine, newcomer, states } = scene
    const suite = engine[SUITE]
    const state = lawless(states.mallory)
    const keyPackage = must(decodeKeyPackage(newcomer.public))
    const made = await freeCommit(suite, state, {
      extraProposals: [{ proposalType: 'add', add: { keyPackage } }],
      groupInfoExtensions: [generationExtension(undefined)],
    })
    const { groupInfo, secrets } = await welcomingOf(suite, made, newcomer, DAVE)
    const extensions = groupInfo.extensions.map((extension): typeof extension => {
      const isTree = extension.extensionType === 'ratchet_tree'
      return isTree ? { ...extension, extensionData: change(made.newState.ratchetTree) } : extension
    })
    return sealedWelcome(
      suite,
      { groupInfo: { ...groupInfo, extensions }, secrets },
      newcomer,
      state.signaturePrivateKey,
    )
  }

  const joining = (welcome: Uint8Array) =>
    join(convinced(scene.engine), { welcome, keyPackage: scene.newcomer, self: DAVE, verify })

  test('is the true one is accepted: the forger is sound', async () => {
    expect((await joining(await welcomeWith(encodeRatchetTree))).ok).toBe(true)
  })

  const blanks = (count: number) => (tree: RatchetTree) =>
    encodeRatchetTree([...tree, ...Array.from({ length: count }, () => undefined), tree[0]])
  const unmerged = (leaves: readonly number[]) => (tree: RatchetTree) =>
    encodeRatchetTree(
      tree.map((node) =>
        node?.nodeType === 'parent'
          ? { ...node, parent: { ...node.parent, unmergedLeaves: [...leaves, ...node.parent.unmergedLeaves] } }
          : node,
      ),
    )
  test.for([
    ['has 2,000 blank nodes', blanks(2000)],
    ['has 200,000 blank nodes', blanks(200_000)],
    ['lists one unmerged leaf 1,000 times', unmerged(Array.from({ length: 1000 }, () => 0))],
    ['lists one unmerged leaf 100,000 times', unmerged(Array.from({ length: 100_000 }, () => 0))],
  ] as const)('%s', async ([, change]) => {
    const welcome = await welcomeWith(change)
    expect(await joining(welcome)).toMatchObject({ ok: false })
    expect(await costOf(() => joining(welcome), LIMIT_MS)).toBeLessThan(LIMIT_MS)
  })
})
