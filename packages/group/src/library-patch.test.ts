import { utf8ToBytes } from '@noble/hashes/utils.js'
import { createGroup, joinGroup, makePskIndex, type ClientState } from 'ts-mls/clientState.js'
import {
  createCommit,
  createGroupInfoWithExternalPubAndRatchetTree,
  joinGroupExternal,
  type CreateCommitOptions,
} from 'ts-mls/createCommit.js'
import { createApplicationMessage } from 'ts-mls/createMessage.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { acceptAll } from 'ts-mls/incomingMessageAction.js'
import { generateKeyPackage, type KeyPackage } from 'ts-mls/keyPackage.js'
import { initializeEpoch } from 'ts-mls/keySchedule.js'
import { processMessage, processPrivateMessage } from 'ts-mls/processMessages.js'
import { emptyPskIndex } from 'ts-mls/pskIndex.js'
import type { MLSMessage } from 'ts-mls/message.js'
import type { Proposal } from 'ts-mls/proposal.js'
import type { Welcome } from 'ts-mls/welcome.js'
import { bytesToBase64 } from 'ts-mls/util/byteArray.js'
import { beforeAll, expect, test } from 'vitest'
import { nobleCrypto } from './provider/noble-crypto.ts'
import { nobleKems } from './provider/noble-kems.ts'
import { sottoSuite } from './provider/suite.ts'
import { xWing } from './provider/x-wing.ts'
import { seededRandom } from './fixtures/world.ts'
import { libraryConfig } from './library-config.ts'

// Each defect of ts-mls 1.6.4 that patches/ts-mls@1.6.4.patch mends and that our own engine does not run into by
// itself. V1 is also in removal.test.ts, V2 in group.test.ts (random histories) and below in its smallest form.

// The library's own behaviour, also where Sotto would refuse the kind of proposal.
const { isBoundedCommit: _, ...config } = libraryConfig({ validateCredential: async () => true })
const EXTENSION = 0xf100
let suite: CiphersuiteImpl

beforeAll(() => {
  suite = sottoSuite({ crypto: nobleCrypto, random: seededRandom('library-patch'), kem: xWing(nobleKems) })
})

const ALWAYS = { notBefore: 0n, notAfter: 0xffff_ffffn }

function packageOf(name: string, lifetime = ALWAYS) {
  return generateKeyPackage(
    { credentialType: 'basic', identity: utf8ToBytes(name) },
    {
      versions: ['mls10'],
      ciphersuites: [suite.name],
      extensions: [EXTENSION],
      proposals: [],
      credentials: ['basic'],
    },
    lifetime,
    [],
    suite,
  )
}

const addOf = (keyPackage: KeyPackage): Proposal => ({ proposalType: 'add', add: { keyPackage } })

async function committed(state: ClientState, options: CreateCommitOptions) {
  return createCommit({ state, cipherSuite: suite }, { ratchetTreeExtension: true, ...options })
}

async function groupOf(names: readonly string[]): Promise<ClientState[]> {
  const packages = await Promise.all(names.map((name) => packageOf(name)))
  const [first, ...rest] = packages
  if (first === undefined) throw new Error('nobody')
  const founded = await createGroup(utf8ToBytes('g'), first.publicPackage, first.privatePackage, [], suite, config)
  const made = await committed(founded, { extraProposals: rest.map((p) => addOf(p.publicPackage)) })
  const others = rest.map((p) => joined(made.welcome, p))
  return [made.newState, ...(await Promise.all(others))]
}

function joined(welcome: Welcome | undefined, keys: Awaited<ReturnType<typeof packageOf>>): Promise<ClientState> {
  if (welcome === undefined) throw new Error('no Welcome')
  const { publicPackage, privatePackage } = keys
  return joinGroup(welcome, publicPackage, privatePackage, emptyPskIndex, suite, undefined, undefined, config)
}

async function processed(state: ClientState | undefined, message: MLSMessage, psks = {}): Promise<ClientState> {
  if (state === undefined || message.wireformat !== 'mls_private_message') throw new Error('not a private message')
  return (await processMessage(message, state, makePskIndex(state, psks), acceptAll, suite)).newState
}

test('V1: whoever is removed alone cannot derive the next epoch from what it had', async () => {
  const [a, , c] = await groupOf(['a', 'b', 'c'])
  const removal: Proposal = { proposalType: 'remove', remove: { removed: 2 } }
  const { newState } = await committed(a as ClientState, { extraProposals: [removal] })
  const had = (c as ClientState).keySchedule.initSecret
  const zeros = () => new Uint8Array(suite.kdf.size)
  const derived = await initializeEpoch(had, zeros(), newState.groupContext, zeros(), suite.kdf)
  expect(derived.keySchedule.epochAuthenticator).not.toEqual(newState.keySchedule.epochAuthenticator)
})

test('V2: a tree where ancestors list different unmerged leaves can be joined', async () => {
  const states = await groupOf(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  // E takes out B and so renews the nodes above itself. Then one joins in B's slot, below the root only, and one in
  // the last slot, below the root and below E's part of the tree: the root lists both, that part only the second.
  const removal = await committed(states[4] as ClientState, {
    extraProposals: [{ proposalType: 'remove', remove: { removed: 1 } }],
  })
  const [first, second] = [await packageOf('x'), await packageOf('y')]
  const one = await committed(removal.newState, { extraProposals: [addOf(first.publicPackage)] })
  const two = await committed(one.newState, { extraProposals: [addOf(second.publicPackage)] })
  const unmerged = [7, 11]
    .map((i) => two.newState.ratchetTree[i])
    .map((n) => n?.nodeType === 'parent' && n.parent.unmergedLeaves)
  expect(unmerged).toEqual([[1, 7], [7]])
  const inside = await joined(two.welcome, second)
  expect(inside.keySchedule.epochAuthenticator).toEqual(two.newState.keySchedule.epochAuthenticator)
})

test('V3: external_pub has its length prefix, and an external join succeeds', async () => {
  const [a] = await groupOf(['a', 'b'])
  const info = await createGroupInfoWithExternalPubAndRatchetTree(a as ClientState, [], suite)
  const external = info.extensions.find((e) => e.extensionType === 'external_pub')
  expect([...(external?.extensionData.subarray(0, 2) ?? [])]).toEqual([0x44, 0xc0]) // 1216 as a 2-byte length
  expect(external?.extensionData.length).toBe(1218)
  const outsider = await packageOf('x')
  const made = await joinGroupExternal(
    info,
    outsider.publicPackage,
    outsider.privatePackage,
    false,
    suite,
    undefined,
    config,
  )
  expect(made.newState.groupContext.epoch).toBe(2n)
})

test('V4: a path beside new group context extensions is encrypted under the new ones', async () => {
  const [a, b] = await groupOf(['a', 'b', 'c'])
  const extensions = [{ extensionType: EXTENSION, extensionData: utf8ToBytes('x') }]
  const made = await committed(a as ClientState, {
    extraProposals: [
      { proposalType: 'remove', remove: { removed: 2 } },
      { proposalType: 'group_context_extensions', groupContextExtensions: { extensions } },
    ],
  })
  const at = await processed(b, made.commit)
  expect(at.keySchedule.epochAuthenticator).toEqual(made.newState.keySchedule.epochAuthenticator)
})

test('V5: processMessage looks up pre-shared keys of private commits', async () => {
  const [a, b] = await groupOf(['a', 'b'])
  const pskId = utf8ToBytes('psk')
  const psks = { [bytesToBase64(pskId)]: new Uint8Array(32).fill(9) }
  const preSharedKeyId = { psktype: 'external' as const, pskId, pskNonce: new Uint8Array(suite.kdf.size) }
  const made = await createCommit(
    { state: a as ClientState, cipherSuite: suite, pskIndex: makePskIndex(a, psks) },
    { extraProposals: [{ proposalType: 'psk', psk: { preSharedKeyId } }] },
  )
  const at = await processed(b, made.commit, psks)
  expect(at.keySchedule.epochAuthenticator).toEqual(made.newState.keySchedule.epochAuthenticator)
  await expect(processed(b, made.commit)).rejects.toThrow('Could not find pskId')
})

test('V8: sender data that points to a blank leaf is refused as such', async () => {
  const [a] = await groupOf(['a', 'b', 'c'])
  const removal = await committed(a as ClientState, {
    extraProposals: [{ proposalType: 'remove', remove: { removed: 1 } }],
  })
  const state = removal.newState
  const ghost = { ...state, privatePath: { ...state.privatePath, leafIndex: 1 } }
  const { privateMessage } = await createApplicationMessage(ghost, utf8ToBytes('boo'), suite)
  await expect(processPrivateMessage(state, privateMessage, emptyPskIndex, suite)).rejects.toThrow('non-blank leaf')
})

test('no clock of its own: a key package that was valid in 1970 only is ours to judge', async () => {
  const [a] = await groupOf(['a'])
  const old = await packageOf('old', { notBefore: 0n, notAfter: 1n })
  const made = await committed(a as ClientState, { extraProposals: [addOf(old.publicPackage)] })
  expect(made.newState.groupContext.epoch).toBe(2n)
})

test('a retention of no epochs keeps none', async () => {
  const [a] = await groupOf(['a', 'b'])
  const made = await committed(a as ClientState, {})
  expect(made.newState.historicalReceiverData.size).toBe(0)
})
