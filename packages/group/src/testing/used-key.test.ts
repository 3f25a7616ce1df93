import { utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { engineFor, must, pairOf } from '../fixtures/world.ts'
import { commit, seal } from '../index.ts'
import { usedKey } from './used-key.ts'

test('two messages from one state have one key, whoever of the epoch looks', async () => {
  const engine = await engineFor('used keys')
  const { alice, bob } = await pairOf(engine)
  const first = await seal(engine, alice, utf8ToBytes('first'))
  const again = await seal(engine, alice, utf8ToBytes('again'))
  const next = await seal(engine, first.state, utf8ToBytes('next'))
  const key = { epochId: alice.epochId, ratchet: 'application', leaf: 0, generation: 0 }
  expect(must(await usedKey(engine, alice, first.message))).toEqual(key)
  expect(must(await usedKey(engine, bob, again.message))).toEqual(key)
  expect(must(await usedKey(engine, bob, next.message))).toEqual({ ...key, generation: 1 })
})

test('a commit has a key of the other ratchet; what is of another epoch has none here', async () => {
  const engine = await engineFor('used keys of commits')
  const { alice, bob } = await pairOf(engine)
  const made = must(await commit(engine, bob, { update: true }, { opensGeneration: false }))
  const key = { epochId: alice.epochId, ratchet: 'handshake', leaf: 1, generation: 0 }
  expect(must(await usedKey(engine, alice, made.commit))).toEqual(key)
  expect(await usedKey(engine, made.child, made.commit)).toEqual({ ok: false, reason: 'wrong-epoch' })
  const other = await pairOf(engine, 'another pair')
  const { message } = await seal(engine, other.alice, utf8ToBytes('elsewhere'))
  expect(await usedKey(engine, alice, message)).toEqual({ ok: false, reason: 'wrong-conversation' })
  expect(await usedKey(engine, alice, utf8ToBytes('nothing'))).toEqual({ ok: false, reason: 'not-a-message' })
})
