import { ed25519 } from '@noble/curves/ed25519.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { createCommit, type CreateCommitOptions } from 'ts-mls/createCommit.js'
import type { ClientState } from 'ts-mls/clientState.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import type { Proposal } from 'ts-mls/proposal.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { encodeCommitData } from './commit-data.ts'
import { SUITE, type GroupEngine } from './engine.ts'
import { alice, bob, engineFor, keyPackageOf, leafOf, must, pairOf, verify } from './fixtures/world.ts'
import { commit, join, processCommit, type EpochState } from './index.ts'
import { decodeKeyPackage } from './key-package.ts'
import { encodeMessage } from './message-codec.ts'
import { withConfig } from './state.ts'

// Bob is a member with a changed client: he makes his commits with the bare library and whatever he likes.

const carol = leafOf('carol')
let engine: GroupEngine
let pair: Awaited<ReturnType<typeof pairOf>>

beforeAll(async () => {
  engine = await engineFor('insider')
  pair = await pairOf(engine)
})

async function forged(
  options: CreateCommitOptions,
  suite: CiphersuiteImpl = engine[SUITE],
  change: (state: ClientState) => ClientState = (state) => state,
  opensGeneration = true,
): Promise<Uint8Array> {
  const state = change(withConfig(pair.bob, { validateCredential: async () => true }))
  const authenticatedData = encodeCommitData({ opensGeneration, authenticatedData: new Uint8Array() })
  const made = await createCommit({ state, cipherSuite: suite }, { forcePath: true, authenticatedData, ...options })
  return encodeMessage(made.commit)
}

async function refusalBy(state: EpochState, bytes: Uint8Array): Promise<string> {
  const processed = await processCommit(engine, state, bytes, { verify })
  return processed.ok ? 'accepted' : processed.reason
}

async function addOf(name: string): Promise<Proposal> {
  const keyPackage = await keyPackageOf(engine, leafOf(name))
  return { proposalType: 'add', add: { keyPackage: must(decodeKeyPackage(keyPackage.public)) } }
}

test('the forger is sound: a commit by the rules is accepted', async () => {
  expect(await refusalBy(pair.alice, await forged({}))).toBe('accepted')
  expect(await refusalBy(pair.alice, await forged({ extraProposals: [await addOf('carol')] }))).toBe('accepted')
})

describe('a member cannot bring in what is not ours', () => {
  test('a commit without an UpdatePath', async () => {
    const bytes = await forged({ extraProposals: [await addOf('carol')], forcePath: false })
    expect(await refusalBy(pair.alice, bytes)).toBe('bad-commit')
  })

  test('group context extensions, unknown proposals, re-initialisation', async () => {
    const extension = { extensionType: 0xf100, extensionData: new Uint8Array() }
    const proposals: Proposal[] = [
      { proposalType: 'group_context_extensions', groupContextExtensions: { extensions: [extension] } },
      { proposalType: 0xf101, proposalData: Uint8Array.of(1) },
    ]
    for (const proposal of proposals) {
      expect(await refusalBy(pair.alice, await forged({ extraProposals: [proposal] }))).toBe('bad-commit')
    }
    const reinit = {
      groupId: new Uint8Array(32),
      version: 'mls10' as const,
      cipherSuite: engine[SUITE].name,
      extensions: [],
    }
    const bytes = await forged({ extraProposals: [{ proposalType: 'reinit', reinit }] })
    expect(await refusalBy(pair.alice, bytes)).toBe('bad-commit')
  })

  test('a commit as a public message, and one whose data is not ours', async () => {
    expect(await refusalBy(pair.alice, await forged({ wireAsPublicMessage: true }))).toBe('not-a-message')
    for (const data of [[], [1], [2, 0], [1, 2], [1, 255]]) {
      const bytes = await forged({ authenticatedData: Uint8Array.from(data) })
      expect(await refusalBy(pair.alice, bytes)).toBe('bad-commit')
    }
  })

  test('a removal that opens no generation', async () => {
    const three = must(
      await commit(
        engine,
        pair.alice,
        { add: [(await keyPackageOf(engine, carol)).public], verify },
        { opensGeneration: false },
      ),
    )
    const atBob = must(await processCommit(engine, pair.bob, three.commit, { verify })).child
    const state = withConfig(atBob)
    const authenticatedData = encodeCommitData({ opensGeneration: false, authenticatedData: new Uint8Array() })
    const extraProposals: Proposal[] = [{ proposalType: 'remove', remove: { removed: 2 } }]
    const made = await createCommit({ state, cipherSuite: engine[SUITE] }, { extraProposals, authenticatedData })
    expect(await refusalBy(three.child, encodeMessage(made.commit))).toBe('bad-commit')
  })
})

describe('a member cannot become somebody else', () => {
  test('an own leaf with another device of his', async () => {
    const other = leafOf('bob-2', 'bob')
    const swap = (state: ClientState): ClientState => {
      const tree = state.ratchetTree.slice()
      const node = tree[2]
      if (node?.nodeType !== 'leaf') throw new Error('no leaf')
      const signaturePublicKey = ed25519.getPublicKey(other.deviceSeed)
      tree[2] = {
        nodeType: 'leaf',
        leaf: { ...node.leaf, signaturePublicKey, credential: { credentialType: 'basic', identity: other.credential } },
      }
      return { ...state, ratchetTree: tree }
    }
    // The leaf is signed with the new key, the message with the old one, as a receiver wants it.
    const suite = engine[SUITE]
    const isLeaf = (message: Uint8Array) =>
      message.subarray(0, 20).includes(0x4c) &&
      message[1] === 'M'.charCodeAt(0) &&
      new TextDecoder().decode(message.subarray(1, 20)).includes('LeafNodeTBS')
    const twoFaced: CiphersuiteImpl = {
      ...suite,
      signature: {
        ...suite.signature,
        sign: (key, message) => suite.signature.sign(isLeaf(message) ? other.deviceSeed : key, message),
      },
    }
    expect(await refusalBy(pair.alice, await forged({}, twoFaced, swap))).toBe('bad-commit')
  })

  test('a credential that does not name his key', async () => {
    const swap = (state: ClientState): ClientState => {
      const tree = state.ratchetTree.slice()
      const node = tree[2]
      if (node?.nodeType !== 'leaf') throw new Error('no leaf')
      tree[2] = {
        nodeType: 'leaf',
        leaf: { ...node.leaf, credential: { credentialType: 'basic', identity: alice.credential } },
      }
      return { ...state, ratchetTree: tree }
    }
    expect(await refusalBy(pair.alice, await forged({}, engine[SUITE], swap))).toBe('bad-credential')
  })

  test('a newcomer whose credential is not vouched for, or who is here already', async () => {
    const forger = { ...carol, credential: alice.credential }
    const foreign = must(decodeKeyPackage((await keyPackageOf(engine, forger)).public))
    const bytes = await forged({ extraProposals: [{ proposalType: 'add', add: { keyPackage: foreign } }] })
    expect(await refusalBy(pair.alice, bytes)).toBe('bad-credential')
    const again = await keyPackageOf(engine, alice)
    const refused = await commit(engine, pair.bob, { add: [again.public], verify }, { opensGeneration: false })
    expect(refused).toEqual({ ok: false, reason: 'already-member' })
  })
})

describe('a member cannot spoil the tree', () => {
  const withPublicKey = (replace: (key: Uint8Array) => Uint8Array): CiphersuiteImpl => {
    const { hpke } = engine[SUITE]
    const exportPublicKey: typeof hpke.exportPublicKey = async (key) => replace(await hpke.exportPublicKey(key))
    return { ...engine[SUITE], hpke: { ...hpke, exportPublicKey } }
  }

  test('with one encryption key twice', async () => {
    let first: Uint8Array | undefined
    const suite = withPublicKey((key) => (first ??= key))
    expect(await refusalBy(pair.alice, await forged({}, suite))).toBe('bad-tree')
  })

  test('with keys to which nobody can encrypt', async () => {
    let calls = 0 // the path's node first, then the leaf: only of the node we could compute the key ourselves
    const suite = withPublicKey((key) => (++calls === 2 ? key.map((byte, i) => (i < 3 ? 0xff : byte)) : key))
    expect(await refusalBy(pair.alice, await forged({}, suite))).toBe('bad-tree')
  })

  test('with keys that do not follow from the path secrets', async () => {
    const suite = withPublicKey((key) => key.map((byte, i) => (i === 1215 ? byte ^ 1 : byte)))
    expect(await refusalBy(pair.alice, await forged({}, suite))).toBe('bad-tree')
  })
})

describe('a Welcome', () => {
  test('for another key package, with a foreign leaf, or not one at all', async () => {
    const keyPackage = await keyPackageOf(engine, bob)
    const parts = { welcome: pair.welcome, self: bob, verify }
    expect(await join(engine, { ...parts, keyPackage })).toEqual({ ok: false, reason: 'wrong-key-package' })
    expect(await join(engine, { ...parts, keyPackage, welcome: utf8ToBytes('no') })).toEqual({
      ok: false,
      reason: 'not-a-message',
    })
    const fresh = await engineFor('insider/welcome')
    const other = await keyPackageOf(fresh, carol)
    const added = must(await commit(fresh, pair.alice, { add: [other.public], verify }, { opensGeneration: false }))
    const onlyAlice: typeof verify = (credential, key) => {
      const answer = verify(credential, key)
      return answer instanceof Promise || !answer.ok || answer.value.device !== bob.device
        ? answer
        : { ok: false, reason: 'revoked' }
    }
    const welcome = added.welcome ?? new Uint8Array()
    const refused = await join(fresh, { welcome, keyPackage: other, self: carol, verify: onlyAlice })
    expect(refused).toEqual({ ok: false, reason: 'bad-credential' })
    const coming = { welcome, keyPackage: other, self: carol, verify }
    expect((await join(fresh, coming)).ok).toBe(true)
    // Where each commit that lets somebody in opens a generation, another one's secret is a lie.
    expect(await join(fresh, { ...coming, opensGeneration: true })).toEqual({ ok: false, reason: 'wrong-generation' })
  })

  test('a key package that is not valid now, or not of our suite', async () => {
    const keyPackage = await keyPackageOf(engine, carol)
    for (const now of [-1, 2_000_000_001]) {
      const refused = await commit(
        engine,
        pair.alice,
        { add: [keyPackage.public], verify, now },
        { opensGeneration: false },
      )
      expect(refused).toEqual({ ok: false, reason: 'expired-key-package' })
    }
    const spoilt = keyPackage.public.slice()
    spoilt[5] = 0x03 // cipher suite 0x0003 instead of 0xf00e
    spoilt[4] = 0x00
    expect(await commit(engine, pair.alice, { add: [spoilt], verify }, { opensGeneration: false })).toMatchObject({
      ok: false,
    })
  })
})
