import { utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { engineFor, must, pairOf, verify } from './fixtures/world.ts'
import { commit, decodeState, encodeState, generationOf, open, processCommit, roster, seal } from './index.ts'
import { INNER } from './state.ts'

test('a state that was stored and read again goes on as if nothing had been', async () => {
  const engine = await engineFor('persist/1')
  const pair = await pairOf(engine)
  const first = await seal(engine, pair.alice, utf8ToBytes('one'))
  const bob = must(await open(engine, pair.bob, first.message)).state

  const aliceAgain = must(decodeState(encodeState(first.state)))
  const bobAgain = must(decodeState(encodeState(bob)))
  expect(encodeState(aliceAgain)).toEqual(encodeState(first.state))
  expect({ ...aliceAgain, [INNER]: 0 }).toEqual({ ...first.state, [INNER]: 0 })
  expect(roster(bobAgain)).toEqual(roster(bob))
  expect(await generationOf(engine, bobAgain)).toEqual(await generationOf(engine, bob))

  const second = await seal(engine, aliceAgain, utf8ToBytes('two'))
  expect(must(await open(engine, bobAgain, second.message)).plaintext).toEqual(utf8ToBytes('two'))
  expect(await open(engine, bobAgain, first.message)).toEqual({ ok: false, reason: 'replayed' })
  const made = must(await commit(engine, bobAgain, {}, { opensGeneration: true }))
  const child = must(await processCommit(engine, aliceAgain, made.commit, { verify })).child
  expect(child.epochId).toBe(must(decodeState(encodeState(made.child))).epochId)
})

test('a state keeps no bytes of the caller: neither the stored ones nor the received ones', async () => {
  const engine = await engineFor('persist/2')
  const pair = await pairOf(engine)
  const stored = encodeState(pair.bob)
  const again = must(decodeState(stored))
  const before = encodeState(again)
  stored.fill(0)
  expect(encodeState(again)).toEqual(before)
  const made = must(await commit(engine, pair.alice, {}, { opensGeneration: false }))
  const received = made.commit.slice()
  const child = must(await processCommit(engine, again, received, { verify })).child
  const encoded = encodeState(child)
  received.fill(0)
  expect(encodeState(child)).toEqual(encoded)
})

test('no operation changes the state that it is given', async () => {
  const engine = await engineFor('persist/3')
  const pair = await pairOf(engine)
  const [alice, bob] = [encodeState(pair.alice), encodeState(pair.bob)]
  const sealed = await seal(engine, pair.alice, utf8ToBytes('one'))
  must(await open(engine, pair.bob, sealed.message))
  const made = must(await commit(engine, pair.alice, {}, { opensGeneration: true }))
  must(await processCommit(engine, pair.bob, made.commit, { verify }))
  expect(encodeState(pair.alice)).toEqual(alice)
  expect(encodeState(pair.bob)).toEqual(bob)
})

test('no past epoch is kept inside a state, and what a commit used up is gone from its parent', async () => {
  const engine = await engineFor('persist/4')
  const pair = await pairOf(engine)
  const made = must(await commit(engine, pair.alice, {}, { opensGeneration: false }))
  expect(made.child[INNER].mls.historicalReceiverData.size).toBe(0)
  expect(encodeState(made.parent)).not.toEqual(encodeState(pair.alice))
  const leaf = 2 * pair.alice[INNER].mls.privatePath.leafIndex
  expect(pair.alice[INNER].mls.secretTree[leaf]?.handshake.generation).toBe(0)
  expect(made.parent[INNER].mls.secretTree[leaf]?.handshake.generation).toBe(1)
})
