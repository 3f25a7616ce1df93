import { utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import first from './fixtures/state-1.json' with { type: 'json' }
import { engineFor, must, pairOf, verify } from './fixtures/world.ts'
import { commit, decodeState, encodeState, generationOf, open, processCommit, roster, seal } from './index.ts'
import { INNER } from './state.ts'

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

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
  expect(pair.alice[INNER].mls.secretTree.leaves[leaf]).toBeUndefined()
  expect(made.parent[INNER].mls.secretTree.leaves[leaf]?.handshake.generation).toBe(1)
})

test('a state that was stored with the first version of the format is read, and goes on in the second', async () => {
  const engine = await engineFor('persist/5')
  const stored = bytesOf(first.state)
  expect(stored[0]).toBe(1)
  const read = must(decodeState(stored))
  expect(encodeState(read)[0]).toBe(2)
  for (const state of [read, must(decodeState(encodeState(read)))]) {
    expect(await open(engine, state, bytesOf(first.opened))).toEqual({ ok: false, reason: 'replayed' })
    expect(must(await open(engine, state, bytesOf(first.message))).plaintext).toEqual(utf8ToBytes('two'))
    const { child } = must(await processCommit(engine, state, bytesOf(first.commit), { verify }))
    expect(child.epochId).toBe(first.childEpoch)
  }
})

test('of each version, bytes that are cut off or have something behind them are no state', async () => {
  const pair = await pairOf(await engineFor('persist/6'))
  for (const bytes of [encodeState(pair.alice), bytesOf(first.state)]) {
    expect(decodeState(bytes).ok).toBe(true)
    for (let at = 0; at < bytes.length; at += 97) expect(decodeState(bytes.subarray(0, at)).ok).toBe(false)
    expect(decodeState(Uint8Array.from([...bytes, 0]))).toEqual({ ok: false, reason: 'malformed' })
  }
})
