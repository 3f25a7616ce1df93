import { deriveTreeSecret } from 'ts-mls/crypto/kdf.js'
import { consumeRatchet } from 'ts-mls/secretTree.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { SUITE } from './engine.ts'
import { engineFor, must, pairOf } from './fixtures/world.ts'
import { decodeState, encodeState, open, seal, type EpochState } from './index.ts'
import { INNER } from './state.ts'

test('the kept key of a message that has not come opens that message, and leads to no other key', async () => {
  const engine = await engineFor('forward-secrecy/skipped')
  const pair = await pairOf(engine)
  let sender = pair.alice
  const messages: Uint8Array[] = []
  for (let i = 0; i < 4; i++) {
    const sealed = await seal(engine, sender, utf8ToBytes(`message ${i}`))
    sender = sealed.state
    messages.push(sealed.message)
  }
  // The second one is late: 0, 2 and 3 were read, and their keys are gone.
  let reader: EpochState = pair.bob
  for (const i of [0, 2, 3]) reader = must(await open(engine, reader, messages[i] ?? new Uint8Array())).state
  const stolen = must(decodeState(encodeState(reader)))
  const { secretTree } = stolen[INNER].mls
  const suite = engine[SUITE]
  const kept = Object.values(secretTree.leaves).flatMap((node) => Object.values(node.application.unusedGenerations))
  expect(kept).toHaveLength(1)
  const [skipped = new Uint8Array()] = kept
  // Turning it as a ratchet would give the keys of messages 2 and 3, if it were the ratchet's secret.
  const before = must(decodeState(encodeState(pair.bob)))[INNER].mls.secretTree
  // The tree derives a leaf's ratchets when one of them is needed first: here the one for commits.
  const { newTree } = await consumeRatchet(before, 0, 'commit', suite)
  const trueSecrets: string[] = []
  let secret = newTree.leaves[0]?.application.secret ?? new Uint8Array()
  for (let generation = 0; generation < 4; generation++) {
    trueSecrets.push(String(secret))
    secret = await deriveTreeSecret(secret, 'secret', generation, suite.kdf.size, suite.kdf)
  }
  expect(trueSecrets).not.toContain(String(skipped))
  expect(await open(engine, stolen, messages[3] ?? new Uint8Array())).toEqual({ ok: false, reason: 'replayed' })
  expect(must(await open(engine, stolen, messages[1] ?? new Uint8Array())).plaintext).toEqual(utf8ToBytes('message 1'))
})
