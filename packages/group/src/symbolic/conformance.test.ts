import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../engine.ts'
import { leafOf, must, seededRandom, verify } from '../fixtures/world.ts'
import { nobleCrypto } from '../provider/noble-crypto.ts'
import { platformCrypto } from '../provider/platform-crypto.ts'
import { platformKems, type KemSubtle } from '../provider/platform-kems.ts'
import type { AnyState, Group } from './group.ts'
import { realGroup, symbolicGroup } from './index.ts'

const NAMES = ['alice', 'bob', 'carol', 'dave']
const [ALICE, BOB, CAROL, DAVE] = NAMES.map((name) => leafOf(name)) as [Leaf, Leaf, Leaf, Leaf]
type Leaf = ReturnType<typeof leafOf>

const text = (words: string): Uint8Array => utf8ToBytes(words)
const CONVERSATION = sha256(text('conformance'))

/** What every group engine has to do, on the product's and on the one without cryptography. */
function conformance<S extends AnyState>(name: string, make: (seed: string) => Promise<Group<S>>): void {
  describe(name, () => {
    const packageOf = (group: Group<S>, self: Leaf) =>
      group.createKeyPackage({ self, notBefore: 0, notAfter: 2_000_000_000 })

    /** Alice with Bob and Carol, all in epoch 1. */
    async function threeOf(seed: string) {
      const group = await make(seed)
      const alone = must(await group.found({ conversation: CONVERSATION, self: ALICE, verify }))
      const [b, c] = [await packageOf(group, BOB), await packageOf(group, CAROL)]
      const made = must(await group.commit(alone, { add: [b.public, c.public], verify }, { opensGeneration: false }))
      const welcome = made.welcome ?? new Uint8Array()
      const bob = must(await group.join({ welcome, keyPackage: b, self: BOB, verify }))
      const carol = must(await group.join({ welcome, keyPackage: c, self: CAROL, verify }))
      return { group, alone, alice: made.child, bob, carol, made, welcome, packages: { b, c } }
    }

    test('a founder is alone in epoch 0; newcomers stand where the committer does', async () => {
      const { group, alone, alice, bob, carol, welcome, packages } = await threeOf('begin')
      expect(alone.epoch).toBe(0n)
      expect(group.roster(alone).map(({ device }) => device)).toEqual([ALICE.device])
      for (const state of [bob, carol]) {
        expect(state.epochId).toBe(alice.epochId)
        expect(state.epoch).toBe(1n)
        expect(group.roster(state)).toEqual(group.roster(alice))
        expect((await group.generationOf(state)).id).toBe((await group.generationOf(alice)).id)
      }
      expect(group.roster(alice).map(({ leafIndex }) => leafIndex)).toEqual([0, 1, 2])
      expect(new Set(must(group.welcomeRefs(welcome)))).toEqual(new Set([packages.b.ref, packages.c.ref]))
    })

    test('two commits on one parent make two epochs, and a device enters both from the parent that it kept', async () => {
      const { group, alice, bob, carol } = await threeOf('siblings')
      const one = must(await group.commit(alice, {}, { opensGeneration: false }))
      const two = must(await group.commit(bob, {}, { opensGeneration: true, authenticatedData: text('why') }))
      const left = must(await group.processCommit(carol, one.commit, { verify }))
      const right = must(await group.processCommit(carol, two.commit, { verify }))
      expect(left.child.epochId).toBe(one.child.epochId)
      expect(right.child.epochId).toBe(two.child.epochId)
      expect(left.child.epochId).not.toBe(right.child.epochId)
      expect([left.committer, right.committer]).toEqual([ALICE.device, BOB.device])
      expect(right).toMatchObject({ opensGeneration: true, authenticatedData: text('why'), added: [], removed: [] })
      const before = await group.generationOf(carol)
      expect(await group.generationOf(left.child)).toEqual(before)
      expect(await group.generationOf(right.child)).not.toEqual(before)
      // Nobody reads across, though both have one number.
      const { message } = await group.seal(one.child, text('left'))
      expect(await group.open(right.child, message)).toEqual({ ok: false, reason: 'undecryptable' })
      expect(must(await group.open(left.child, message)).plaintext).toEqual(text('left'))
    })

    test('who is removed cannot enter, and the leaf is used again', async () => {
      const { group, alice, bob, carol } = await threeOf('removal')
      const removing = must(await group.commit(alice, { remove: [BOB.device] }, { opensGeneration: false }))
      expect(await group.processCommit(bob, removing.commit, { verify })).toEqual({ ok: false, reason: 'removed' })
      const seen = must(await group.processCommit(carol, removing.commit, { verify }))
      expect(seen.removed.map(({ device }) => device)).toEqual([BOB.device])
      expect(seen.opensGeneration).toBe(true)
      const { message } = await group.seal(removing.child, text('without him'))
      expect((await group.open(bob, message)).ok).toBe(false)
      const d = await packageOf(group, DAVE)
      const adding = must(await group.commit(seen.child, { add: [d.public], verify }, { opensGeneration: false }))
      expect(group.roster(adding.child).map(({ device, leafIndex }) => [device, leafIndex])).toEqual([
        [ALICE.device, 0],
        [DAVE.device, 1],
        [CAROL.device, 2],
      ])
    })

    test('one commit may remove and add', async () => {
      const { group, alice, carol } = await threeOf('both')
      const d = await packageOf(group, DAVE)
      const change = { remove: [BOB.device], add: [d.public], verify }
      const made = must(await group.commit(alice, change, { opensGeneration: false }))
      const seen = must(await group.processCommit(carol, made.commit, { verify }))
      expect(seen.added.map(({ device }) => device)).toEqual([DAVE.device])
      const joined = must(
        await group.join({ welcome: made.welcome ?? new Uint8Array(), keyPackage: d, self: DAVE, verify }),
      )
      expect(group.roster(joined)).toEqual(group.roster(seen.child))
    })

    test('what cannot be committed is refused by its reason', async () => {
      const { group, alice, packages } = await threeOf('refused')
      const options = { opensGeneration: false }
      const refusal = async (change: Parameters<Group<S>['commit']>[1]) => await group.commit(alice, change, options)
      expect(await refusal({ remove: [DAVE.device] })).toEqual({ ok: false, reason: 'unknown-member' })
      expect(await refusal({ remove: [ALICE.device] })).toEqual({ ok: false, reason: 'unknown-member' })
      expect(await refusal({ add: [text('no')], verify })).toEqual({ ok: false, reason: 'not-a-message' })
      const d = await packageOf(group, DAVE)
      expect(await refusal({ add: [d.public] })).toEqual({ ok: false, reason: 'bad-credential' })
      expect(await refusal({ add: [d.public], verify, now: 2_000_000_001 })).toEqual({
        ok: false,
        reason: 'expired-key-package',
      })
      expect((await refusal({ add: [packages.b.public], verify })).ok).toBe(false)
    })

    test('a Welcome is for its key packages', async () => {
      const { group, welcome, packages } = await threeOf('welcome')
      const d = await packageOf(group, DAVE)
      expect((await group.join({ welcome, keyPackage: d, self: DAVE, verify })).ok).toBe(false)
      // The private half of another one does not do.
      const mixed = { public: packages.b.public, private: d.private }
      expect((await group.join({ welcome, keyPackage: mixed, self: BOB, verify })).ok).toBe(false)
      expect(await group.join({ welcome: text('no'), keyPackage: d, self: DAVE, verify })).toEqual({
        ok: false,
        reason: 'not-a-message',
      })
    })

    test('messages open once, in any order, also after a restart', async () => {
      const { group, alice, bob } = await threeOf('messages')
      const messages: Uint8Array[] = []
      let sender = alice
      for (let i = 0; i < 5; i++) {
        const sealed = await group.seal(sender, text(`message ${i}`), { authenticatedData: text('beside') })
        messages.push(sealed.message)
        sender = sealed.state
      }
      let reader = bob
      for (const i of [3, 0, 4, 1]) {
        const opened = must(await group.open(reader, messages[i] ?? new Uint8Array()))
        expect(opened).toMatchObject({
          plaintext: text(`message ${i}`),
          sender: ALICE.device,
          authenticatedData: text('beside'),
        })
        reader = must(group.decodeState(group.encodeState(opened.state)))
      }
      expect(await group.open(reader, messages[3] ?? new Uint8Array())).toEqual({ ok: false, reason: 'replayed' })
      expect(must(await group.open(reader, messages[2] ?? new Uint8Array())).plaintext).toEqual(text('message 2'))
      expect(await group.open(reader, text('no'))).toEqual({ ok: false, reason: 'not-a-message' })
    })

    test('a message of another epoch or conversation is told apart', async () => {
      const { group, alone, alice, bob } = await threeOf('apart')
      const { message } = await group.seal(alone, text('before'))
      expect(await group.open(bob, message)).toEqual({ ok: false, reason: 'wrong-epoch' })
      const other = must(await group.found({ conversation: sha256(text('other')), self: ALICE, verify }))
      const foreign = await group.seal(other, text('elsewhere'))
      expect(await group.open(bob, foreign.message)).toEqual({ ok: false, reason: 'wrong-conversation' })
      const made = must(await group.commit(other, {}, { opensGeneration: false }))
      expect(await group.processCommit(alice, made.commit, { verify })).toEqual({
        ok: false,
        reason: 'wrong-conversation',
      })
    })

    test('more than 1,000 steps ahead is too far', async () => {
      const { group, alice, bob } = await threeOf('far')
      let sender = alice
      let last = new Uint8Array()
      for (let i = 0; i < 1002; i++) {
        const sealed = await group.seal(sender, text('x'))
        last = Uint8Array.from(sealed.message)
        sender = sealed.state
      }
      expect(await group.open(bob, last)).toEqual({ ok: false, reason: 'too-far' })
    })

    test('changed bytes are refused and change nothing', async () => {
      const { group, alice, bob, welcome, packages } = await threeOf('changed')
      const { message } = await group.seal(alice, text('whole'))
      const made = must(await group.commit(alice, {}, { opensGeneration: false }))
      const change = (bytes: Uint8Array, at: number, by: number): Uint8Array =>
        bytes.map((byte, i) => (i === at % bytes.length ? byte ^ (1 + (by % 255)) : byte))
      const check = async (at: number, by: number): Promise<void> => {
        expect((await group.open(bob, change(message, at, by))).ok).toBe(false)
        expect((await group.processCommit(bob, change(made.commit, at, by), { verify })).ok).toBe(false)
        const join = { welcome: change(welcome, at, by), keyPackage: packages.b, self: BOB, verify }
        const joined = await group.join(join)
        // Another's part of the Welcome may be broken without ours.
        if (joined.ok) expect(joined.value.epochId).toBe(alice.epochId)
      }
      await fc.assert(fc.asyncProperty(fc.nat(), fc.nat(), check), { numRuns: 40, seed: 1 })
      expect(must(await group.open(bob, message)).plaintext).toEqual(text('whole'))
      expect(must(await group.processCommit(bob, made.commit, { verify })).child.epochId).toBe(made.child.epochId)
    })

    test('stored bytes that are no state are malformed', async () => {
      const { group, bob } = await threeOf('stored')
      const bytes = group.encodeState(bob)
      expect(group.decodeState(bytes.slice(0, -1)).ok).toBe(false)
      expect(group.decodeState(new Uint8Array())).toEqual({ ok: false, reason: 'malformed' })
      expect(must(group.decodeState(bytes)).epochId).toBe(bob.epochId)
    })
  })
}

conformance('the group of the product', async (seed) => {
  const crypto = platformCrypto(globalThis.crypto.subtle)
  return realGroup(await createEngine({ crypto, random: seededRandom(`real/${seed}`) }))
})

// The cast: TypeScript does not know the modern algorithms of WebCrypto yet; whether they are there is tried.
const kems = await platformKems(globalThis.crypto.subtle as unknown as Partial<KemSubtle>)
conformance(
  `the group of the product as it runs here, ${kems === undefined ? 'without' : 'with'} the platform's key encapsulation`,
  async (seed) => {
    const crypto = { ...platformCrypto(globalThis.crypto.subtle), ...(kems === undefined ? {} : { kems }) }
    return realGroup(await createEngine({ crypto, random: seededRandom(`platform/${seed}`) }))
  },
)

conformance('the symbolic group', async (seed) =>
  symbolicGroup({ crypto: nobleCrypto, random: seededRandom(`symbolic/${seed}`) }),
)
