import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { decryptWithLabel } from 'ts-mls/crypto/hpke.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { encodeGroupContext } from 'ts-mls/groupContext.js'
import { initializeEpoch } from 'ts-mls/keySchedule.js'
import { emptyPskIndex } from 'ts-mls/pskIndex.js'
import { processPrivateMessage } from 'ts-mls/processMessages.js'
import type { UpdatePath } from 'ts-mls/updatePath.js'
import * as mls162 from 'ts-mls-1.6.2'
import { initializeEpoch as initializeEpoch162 } from 'ts-mls-1.6.2/keySchedule.js'
import { expect, test } from 'vitest'
import { SUITE } from './engine.ts'
import { alice, bob, engineFor, keyPackageOf, leafOf, must, pairOf, verify } from './fixtures/world.ts'
import { commit, generationOf, join, open, processCommit, seal } from './index.ts'
import { privateMessageFor } from './private-message.ts'
import { INNER, withConfig } from './state.ts'

const carol = leafOf('carol')

async function threeOf(seed: string) {
  const engine = await engineFor(seed)
  const pair = await pairOf(engine)
  const keyPackage = await keyPackageOf(engine, carol)
  const added = must(await commit(engine, pair.alice, { add: [keyPackage.public], verify }, { opensGeneration: false }))
  const welcome = added.welcome ?? new Uint8Array()
  const carolState = must(await join(engine, { welcome, keyPackage, self: carol, verify }))
  const bobState = must(await processCommit(engine, pair.bob, added.commit, { verify })).child
  return { engine, alice: added.child, bob: bobState, carol: carolState }
}

test('a device that is taken out and comes in again with one commit has gone and come for everybody who follows', async () => {
  const { engine, ...group } = await threeOf('removal/again')
  const keyPackage = await keyPackageOf(engine, carol)
  const change = { add: [keyPackage.public], remove: [carol.device], verify }
  const made = must(await commit(engine, group.alice, change, { opensGeneration: true }))
  const followed = must(await processCommit(engine, group.bob, made.commit, { verify }))
  expect(followed.added.map(({ device }) => device)).toEqual([carol.device])
  expect(followed.removed.map(({ device }) => device)).toEqual([carol.device])
  expect(await processCommit(engine, group.carol, made.commit, { verify })).toMatchObject({ ok: false })
  const welcome = made.welcome ?? new Uint8Array()
  const back = must(await join(engine, { welcome, keyPackage, self: carol, verify }))
  expect(back.epochId).toBe(followed.child.epochId)
})

/** The epoch authenticator that follows from an init secret when nothing new was mixed in. */
async function withoutCommitSecret(
  derive: typeof initializeEpoch,
  kdf: CiphersuiteImpl['kdf'],
  removed: { keySchedule: { initSecret: Uint8Array } },
  next: Parameters<typeof initializeEpoch>[2],
): Promise<string> {
  const zeros = () => new Uint8Array(kdf.size)
  const { keySchedule } = await derive(removed.keySchedule.initSecret, zeros(), next, zeros(), kdf)
  return bytesToHex(keySchedule.epochAuthenticator)
}

test('a removed member cannot derive the next epoch from its last state and everything public', async () => {
  const { engine, ...group } = await threeOf('removal/1')
  const suite = engine[SUITE]
  const made = must(await commit(engine, group.alice, { remove: [carol.device] }, { opensGeneration: false }))
  const child = made.child[INNER].mls
  const authenticator = bytesToHex(child.keySchedule.epochAuthenticator)

  expect(await processCommit(engine, group.carol, made.commit, { verify })).toEqual({ ok: false, reason: 'removed' })

  // As if the commit had no path: the bug of ts-mls up to 1.6.2 (below).
  const carolMls = group.carol[INNER].mls
  expect(await withoutCommitSecret(initializeEpoch, suite.kdf, carolMls, child.groupContext)).not.toBe(authenticator)

  // She reads the commit itself (it is sealed under the old epoch) and tries each of her keys on each path secret.
  const path = await pathOf(engine[SUITE], group.carol, made.commit)
  const context = encodeGroupContext({
    ...child.groupContext,
    confirmedTranscriptHash: carolMls.groupContext.confirmedTranscriptHash,
  })
  const ciphertexts = path.nodes.flatMap((node) => node.encryptedPathSecret)
  expect(ciphertexts.length).toBeGreaterThan(0)
  const tries = ciphertexts.flatMap(({ kemOutput, ciphertext }) =>
    Object.values(carolMls.privatePath.privateKeys).map(async (key) => {
      const privateKey = await suite.hpke.importPrivateKey(key)
      return decryptWithLabel(privateKey, 'UpdatePathNode', context, kemOutput, ciphertext, suite.hpke)
    }),
  )
  expect((await Promise.allSettled(tries)).every((result) => result.status === 'rejected')).toBe(true)

  // The oracle above is sound: with the same context Bob's key does open one of them.
  const bobMls = group.bob[INNER].mls
  const bobTries = ciphertexts.flatMap(({ kemOutput, ciphertext }) =>
    Object.values(bobMls.privatePath.privateKeys).map(async (key) => {
      const privateKey = await suite.hpke.importPrivateKey(key)
      return decryptWithLabel(privateKey, 'UpdatePathNode', context, kemOutput, ciphertext, suite.hpke)
    }),
  )
  expect((await Promise.allSettled(bobTries)).some((result) => result.status === 'fulfilled')).toBe(true)
})

test('a removal opens a generation that the removed member does not know, and messages stay closed to it', async () => {
  const { engine, ...group } = await threeOf('removal/2')
  const made = must(await commit(engine, group.alice, { remove: [carol.device] }, { opensGeneration: false }))
  const seen = must(await processCommit(engine, group.bob, made.commit, { verify }))
  expect(seen.opensGeneration).toBe(true)
  expect(seen.removed.map((m) => m.device)).toEqual([carol.device])
  expect(seen.child.epochId).toBe(made.child.epochId)
  const known = await generationOf(engine, group.carol)
  expect(await generationOf(engine, seen.child)).toEqual(await generationOf(engine, made.child))
  expect((await generationOf(engine, seen.child)).id).not.toBe(known.id)
  const sealed = await seal(engine, made.child, utf8ToBytes('without her'))
  expect(must(await open(engine, seen.child, sealed.message)).sender).toBe(alice.device)
  expect(await open(engine, group.carol, sealed.message)).toEqual({ ok: false, reason: 'wrong-epoch' })
})

test('who is removed and whose slot goes to somebody else in the same commit learns that it was removed', async () => {
  const { engine, ...group } = await threeOf('removal/3')
  const dave = leafOf('dave')
  const keyPackage = await keyPackageOf(engine, dave)
  const change = { remove: [bob.device], add: [keyPackage.public], verify }
  const made = must(await commit(engine, group.alice, change, { opensGeneration: true }))
  expect(await processCommit(engine, group.bob, made.commit, { verify })).toEqual({ ok: false, reason: 'removed' })
  const seen = must(await processCommit(engine, group.carol, made.commit, { verify }))
  expect(seen.added.map((m) => [m.device, m.leafIndex])).toEqual([[dave.device, 1]])
  expect(seen.removed.map((m) => m.device)).toEqual([bob.device])
  const joined = must(await join(engine, { welcome: made.welcome ?? new Uint8Array(), keyPackage, self: dave, verify }))
  expect(joined.epochId).toBe(seen.child.epochId)
  expect(await generationOf(engine, joined)).toEqual(await generationOf(engine, seen.child))
})

test('the same oracle catches ts-mls 1.6.2, where a removed member keeps the keys', async () => {
  const suite = await mls162.getCiphersuiteImpl(
    mls162.getCiphersuiteFromName('MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519'),
  )
  const packageOf = (name: string) =>
    mls162.generateKeyPackage(
      { credentialType: 'basic', identity: utf8ToBytes(name) },
      mls162.defaultCapabilities(),
      mls162.defaultLifetime,
      [],
      suite,
    )
  const [a, b, c] = [await packageOf('a'), await packageOf('b'), await packageOf('c')]
  const founded = await mls162.createGroup(utf8ToBytes('group'), a.publicPackage, a.privatePackage, [], suite)
  const added = await mls162.createCommit(
    { state: founded, cipherSuite: suite },
    {
      extraProposals: [b, c].map((k) => ({ proposalType: 'add' as const, add: { keyPackage: k.publicPackage } })),
      ratchetTreeExtension: true,
    },
  )
  if (added.welcome === undefined) throw new Error('no Welcome')
  const removed = await mls162.joinGroup(added.welcome, c.publicPackage, c.privatePackage, mls162.emptyPskIndex, suite)
  const { newState } = await mls162.createCommit(
    { state: added.newState, cipherSuite: suite },
    { extraProposals: [{ proposalType: 'remove', remove: { removed: removed.privatePath.leafIndex } }] },
  )
  const derive = initializeEpoch162 as unknown as typeof initializeEpoch
  const context = newState.groupContext as Parameters<typeof initializeEpoch>[2]
  const derived = await withoutCommitSecret(derive, suite.kdf, removed, context)
  expect(derived).toBe(bytesToHex(newState.keySchedule.epochAuthenticator))
})

/** The UpdatePath of a commit as a member of the parent epoch reads it. */
async function pathOf(
  suite: CiphersuiteImpl,
  reader: Parameters<typeof withConfig>[0],
  bytes: Uint8Array,
): Promise<UpdatePath> {
  const message = must(privateMessageFor(reader, bytes, 'commit', bytes.length))
  const state = withConfig(reader, { validateCredential: async () => true })
  const processed = await processPrivateMessage(state, message, emptyPskIndex, suite)
  if (processed.kind !== 'newState' || processed.commit?.path === undefined) throw new Error('no path')
  return processed.commit.path
}
