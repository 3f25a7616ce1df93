import { utf8ToBytes } from '@noble/hashes/utils.js'
import { deriveTreeSecret } from 'ts-mls/crypto/kdf.js'
import { consumeRatchet } from 'ts-mls/secretTree.js'
import { describe, expect, test } from 'vitest'
import { SUITE, type GroupEngine } from './engine.ts'
import { engineFor, must, pairOf } from './fixtures/world.ts'
import { decodeState, encodeState, open, seal, type EpochState } from './index.ts'
import { INNER, movedOn } from './state.ts'
import { opensByForce } from './testing/thief.ts'

/** Alice has sent five messages; Bob has read the first, third and fourth. Both states as they are stored. */
async function sceneOf(seed: string) {
  const engine = await engineFor(seed)
  const pair = await pairOf(engine)
  let sender = pair.alice
  const messages: Uint8Array[] = []
  for (let i = 0; i < 5; i++) {
    const sealed = await seal(engine, sender, utf8ToBytes(`message ${i}`))
    sender = sealed.state
    messages.push(sealed.message)
  }
  let reader: EpochState = pair.bob
  for (const i of [0, 2, 3]) reader = must(await open(engine, reader, messages[i] ?? new Uint8Array())).state
  const stored = (state: EpochState): EpochState => must(decodeState(encodeState(state)))
  return { engine, messages, before: stored(pair.bob), sender: stored(sender), reader: stored(reader) }
}

/** The secrets of Alice's ratchet for the first messages, from a state that has read none. */
async function secretsOf(engine: GroupEngine, before: EpochState): Promise<Uint8Array[]> {
  const suite = engine[SUITE]
  // The tree derives a leaf's ratchets when one of them is needed first: here the one for commits.
  const { newTree } = await consumeRatchet(before[INNER].mls.secretTree, 0, 'commit', suite)
  const secrets: Uint8Array[] = []
  let secret = newTree.leaves[0]?.application.secret ?? new Uint8Array()
  for (let generation = 0; generation < 4; generation++) {
    secrets.push(secret)
    secret = await deriveTreeSecret(secret, 'secret', generation, suite.kdf.size, suite.kdf)
  }
  return secrets
}

function skippedIn(state: EpochState): Uint8Array[] {
  const { leaves } = state[INNER].mls.secretTree
  return Object.values(leaves).flatMap((node) => Object.values(node.application.unusedGenerations))
}

test('the kept key of a message that has not come opens that message, and leads to no other key', async () => {
  const { engine, messages, before, reader } = await sceneOf('forward-secrecy/skipped')
  const kept = skippedIn(reader)
  expect(kept).toHaveLength(1)
  // Turning it as a ratchet would give the keys of messages 2 and 3, if it were the ratchet's secret.
  for (const secret of await secretsOf(engine, before)) expect(kept).not.toContainEqual(secret)
  expect(await open(engine, reader, messages[3] ?? new Uint8Array())).toEqual({ ok: false, reason: 'replayed' })
  expect(must(await open(engine, reader, messages[1] ?? new Uint8Array())).plaintext).toEqual(utf8ToBytes('message 1'))
})

describe('a thief with everything that a device has stored', () => {
  test('opens by no means what was read, nor what the device has sent', async () => {
    const { engine, messages, reader, sender } = await sceneOf('thief/1')
    const opened = (state: EpochState) => Promise.all(messages.map((message) => opensByForce(engine, state, message)))
    expect(await opened(reader)).toEqual([false, true, false, false, true])
    expect(await opened(sender)).toEqual([false, false, false, false, false])
  })

  test('would open it, had the secret of a skipped message been kept: the thief is a good one', async () => {
    const { engine, messages, before, reader } = await sceneOf('thief/2')
    const [, secret = new Uint8Array()] = await secretsOf(engine, before)
    const { mls } = reader[INNER]
    const alice = mls.secretTree.leaves[0]
    if (alice === undefined) throw new Error('nobody has turned the ratchet')
    const application = { ...alice.application, unusedGenerations: { 1: secret } }
    const leaves = { ...mls.secretTree.leaves, 0: { ...alice, application } }
    const careless = movedOn(reader, { ...mls, secretTree: { ...mls.secretTree, leaves } })
    for (const i of [2, 3]) expect(await opensByForce(engine, careless, messages[i] ?? new Uint8Array())).toBe(true)
    expect(await opensByForce(engine, careless, messages[0] ?? new Uint8Array())).toBe(false)
  })
})
