import { utf8ToBytes } from '@noble/hashes/utils.js'
import { createGroup } from 'ts-mls/clientState.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import type { Extension } from 'ts-mls/extension.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { SUITE, type GroupEngine } from './engine.ts'
import { freeCommit, lawless, type LibraryState } from './fixtures/insider/forge.ts'
import { alice, engineFor, keyPackageOf, leafOf, must, pairOf, verify } from './fixtures/world.ts'
import { join, type OwnKeyPackage } from './index.ts'
import { decodeKeyPackage, generate } from './key-package.ts'
import { encodeMessage } from './message-codec.ts'
import { generationExtension } from './welcome-data.ts'

// Alice lets Carol in with a changed client: whatever she says of the group is signed as it has to be, and the Welcome is for Carol's key package.

const carol = leafOf('carol')
let engine: GroupEngine
let keyPackage: OwnKeyPackage
let inPair: LibraryState

beforeAll(async () => {
  engine = await engineFor('insider/welcome')
  keyPackage = await keyPackageOf(engine, carol)
  inPair = lawless((await pairOf(engine)).alice)
})

/** What a Welcome comes to, of a commit that adds Carol to what `state` is. */
async function comesTo(
  state: LibraryState,
  {
    suite = engine[SUITE],
    told = [generationExtension(undefined)],
  }: { suite?: CiphersuiteImpl; told?: readonly Extension[] } = {},
): Promise<string> {
  const add = { proposalType: 'add', add: { keyPackage: must(decodeKeyPackage(keyPackage.public)) } } as const
  const { welcome } = await freeCommit(suite, state, { extraProposals: [add], groupInfoExtensions: [...told] })
  if (welcome === undefined) throw new Error('no Welcome')
  const bytes = encodeMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome })
  const joined = await join(engine, { welcome: bytes, keyPackage, self: carol, verify })
  return joined.ok ? 'accepted' : joined.reason
}

/** A group that Alice has just founded. */
async function groupOf(groupId: Uint8Array, extensions: Extension[] = []): Promise<LibraryState> {
  const { publicPackage, privatePackage } = await generate(engine, {
    self: alice,
    notBefore: 0,
    notAfter: 2_000_000_000,
  })
  const { clientConfig } = inPair
  return createGroup(groupId, publicPackage, privatePackage, extensions, engine[SUITE], clientConfig)
}

const CONVERSATION = utf8ToBytes('0123456789abcdef0123456789abcdef')

test('the forger is sound: Welcomes by the rules are accepted', async () => {
  expect(await comesTo(inPair)).toBe('accepted')
  expect(await comesTo(await groupOf(CONVERSATION))).toBe('accepted')
})

describe('a Welcome lets nobody into', () => {
  const withPublicKey = (replace: (key: Uint8Array) => Uint8Array): CiphersuiteImpl => {
    const { hpke } = engine[SUITE]
    const exportPublicKey: typeof hpke.exportPublicKey = async (key) => replace(await hpke.exportPublicKey(key))
    return { ...engine[SUITE], hpke: { ...hpke, exportPublicKey } }
  }

  test('a tree that has one encryption key twice', async () => {
    let first: Uint8Array | undefined
    expect(await comesTo(inPair, { suite: withPublicKey((key) => (first ??= key)) })).toBe('bad-tree')
  })

  test('a tree with a key to which nobody can encrypt', async () => {
    const spoilt = (key: Uint8Array): Uint8Array => key.map((byte, i) => (i < 3 ? 0xff : byte))
    // The leaf's, of which nobody but Alice has the private half.
    let calls = 0
    const { length } = await exported()
    expect(await comesTo(inPair, { suite: withPublicKey((key) => (++calls === length ? spoilt(key) : key)) })).toBe(
      'bad-tree',
    )
  })

  test('a tree whose keys do not follow from the path secret that it brings', async () => {
    const suite = withPublicKey((key) => key.map((byte, i) => (i === 1215 ? byte ^ 1 : byte)))
    expect(await comesTo(inPair, { suite })).toBe('bad-tree')
  })

  test('a group whose id is not 32 bytes long', async () => {
    for (const id of [CONVERSATION.subarray(1), Uint8Array.of(...CONVERSATION, 0), new Uint8Array()])
      expect(await comesTo(await groupOf(id))).toBe('bad-tree')
  })

  test('a group with extensions in its context', async () => {
    const nothing: Extension = { extensionType: 'required_capabilities', extensionData: Uint8Array.of(0, 0, 0) }
    expect(await comesTo(await groupOf(CONVERSATION, [nothing]))).toBe('bad-tree')
  })

  test('one of which it does not say under which keys it is, or says it in two ways', async () => {
    expect(await comesTo(inPair, { told: [] })).toBe('bad-tree')
    expect(await comesTo(inPair, { told: [generationExtension(CONVERSATION.subarray(1))] })).toBe('bad-tree')
    const one = generationExtension(CONVERSATION)
    expect(await comesTo(inPair, { told: [one, one] })).toBe('bad-tree')
  })

  /** The public keys that a commit makes, the leaf's last. */
  async function exported(): Promise<readonly Uint8Array[]> {
    const keys: Uint8Array[] = []
    await comesTo(inPair, {
      suite: withPublicKey((key) => {
        keys.push(key)
        return key
      }),
    })
    return keys
  }
})
