import { utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { alice, bob, engineFor, must, pairOf, verify } from './fixtures/world.ts'
import { commit, generationOf, open, processCommit, roster, seal } from './index.ts'

test('the founder and the one who joins are in one epoch, know each other and share a generation', async () => {
  const engine = await engineFor('pair/1')
  const pair = await pairOf(engine)
  expect(pair.bob.epochId).toBe(pair.alice.epochId)
  expect(pair.bob.epoch).toBe(1n)
  expect(pair.bob.conversation).toBe(pair.alice.conversation)
  expect(roster(pair.bob)).toEqual(roster(pair.alice))
  expect(roster(pair.alice).map((m) => [m.account, m.device, m.leafIndex])).toEqual([
    [alice.account, alice.device, 0],
    [bob.account, bob.device, 1],
  ])
  expect(await generationOf(engine, pair.bob)).toEqual(await generationOf(engine, pair.alice))
})

test('a message opens at the other device, with its sender and what was authenticated', async () => {
  const engine = await engineFor('pair/2')
  const pair = await pairOf(engine)
  const authenticatedData = utf8ToBytes('beside')
  const sealed = await seal(engine, pair.alice, utf8ToBytes('hello'), { authenticatedData })
  const opened = must(await open(engine, pair.bob, sealed.message))
  expect(opened.plaintext).toEqual(utf8ToBytes('hello'))
  expect(opened.sender).toBe(alice.device)
  expect(opened.authenticatedData).toEqual(authenticatedData)
})

test('an update by the other side leads both into the same epoch, and the generation stays until one is opened', async () => {
  const engine = await engineFor('pair/3')
  const pair = await pairOf(engine)
  const authenticatedData = utf8ToBytes('intents')
  const made = must(await commit(engine, pair.bob, { update: true }, { opensGeneration: false, authenticatedData }))
  const seen = must(await processCommit(engine, pair.alice, made.commit, { verify }))
  expect(seen.child.epochId).toBe(made.child.epochId)
  expect(seen.child.epochId).not.toBe(pair.alice.epochId)
  expect(seen.committer).toBe(bob.device)
  expect(seen).toMatchObject({ opensGeneration: false, authenticatedData, added: [], removed: [] })
  expect(await generationOf(engine, seen.child)).toEqual(await generationOf(engine, pair.alice))

  const opening = must(await commit(engine, seen.child, { update: true }, { opensGeneration: true }))
  const followed = must(await processCommit(engine, made.child, opening.commit, { verify }))
  expect(followed.opensGeneration).toBe(true)
  expect(await generationOf(engine, followed.child)).toEqual(await generationOf(engine, opening.child))
  expect(await generationOf(engine, followed.child)).not.toEqual(await generationOf(engine, made.child))
})
