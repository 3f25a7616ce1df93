import { utf8ToBytes } from '@noble/hashes/utils.js'
import { readFile } from 'node:fs/promises'
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
  expect(pair.alice[INNER].mls.secretTree.leaves[leaf]).toBeUndefined()
  expect(made.parent[INNER].mls.secretTree.leaves[leaf]?.handshake.generation).toBe(1)
})

test('a state that was stored with the first version of the format is read, and goes on in the second', async () => {
  const engine = await engineFor('persist/5')
  const stored = await readFile(new URL('fixtures/state-1.json', import.meta.url), 'utf8')
  const { childEpoch, ...base64 } = JSON.parse(stored) as Record<
    'state' | 'opened' | 'message' | 'commit' | 'childEpoch',
    string
  >
  const bytesOf = (name: keyof typeof base64) => Uint8Array.from(Buffer.from(base64[name], 'base64'))
  expect(bytesOf('state')[0]).toBe(1)
  const first = must(decodeState(bytesOf('state')))
  expect(encodeState(first)[0]).toBe(2)
  for (const state of [first, must(decodeState(encodeState(first)))]) {
    expect(await open(engine, state, bytesOf('opened'))).toEqual({ ok: false, reason: 'replayed' })
    expect(must(await open(engine, state, bytesOf('message'))).plaintext).toEqual(utf8ToBytes('two'))
    expect(must(await processCommit(engine, state, bytesOf('commit'), { verify })).child.epochId).toBe(childEpoch)
  }
})

test('of each version, bytes that are cut off or have something behind them are no state', async () => {
  const pair = await pairOf(await engineFor('persist/6'))
  const stored = JSON.parse(await readFile(new URL('fixtures/state-1.json', import.meta.url), 'utf8')) as {
    state: string
  }
  for (const bytes of [encodeState(pair.alice), Uint8Array.from(Buffer.from(stored.state, 'base64'))]) {
    expect(decodeState(bytes).ok).toBe(true)
    for (let at = 0; at < bytes.length; at += 97) expect(decodeState(bytes.subarray(0, at)).ok).toBe(false)
    expect(decodeState(Uint8Array.from([...bytes, 0]))).toEqual({ ok: false, reason: 'malformed' })
  }
})
