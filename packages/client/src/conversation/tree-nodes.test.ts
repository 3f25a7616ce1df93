import {
  commit,
  createEngine,
  createKeyPackage,
  encodeState,
  encodeStateApart,
  found,
  isStateApart,
  nobleCrypto,
  seal,
  type EpochState,
  type GroupResult,
} from '@sotto/group'
import { certifyFirstDevice, verifyCredential } from '@sotto/identity'
import { memoryStore } from '@sotto/store/memory'
import { seededRandom } from '@sotto/testkit'
import { expect, test } from 'vitest'
import { Epochs, putEpoch } from './epochs.ts'
import { unneededNodes } from './tree-nodes.ts'

const ABOUT = { parent: '', commit: new Uint8Array(), opens: true, createdAt: 0 } as const

test('epochs share their tree nodes in the store, and a node goes with the last epoch that needs it', async () => {
  const { engine, states } = await threeEpochs()
  const store = memoryStore()
  const conversation = states[0].conversation
  const count = async () => (await store.list('treeNodes', { prefix: [conversation] })).length
  const counts: number[] = []
  for (const state of states) {
    await store.commit(putEpoch(state, ABOUT))
    counts.push(await count())
  }
  const [first, , last] = states.map((state) => encodeStateApart(state).nodes.length)
  expect(counts[0]).toBe(first)
  expect(counts[2]).toBeLessThan(states.reduce((sum, state) => sum + encodeStateApart(state).nodes.length, 0))

  // What was stored is read as it was, by somebody who has nothing decoded.
  for (const state of states) {
    const read = await new Epochs(store, conversation).get(state.epochId)
    expect(read === undefined ? undefined : encodeState(read)).toEqual(encodeState(state))
  }
  // A message moves the head on and leaves the nodes alone.
  const sealed = await seal(engine, states[2], new Uint8Array([1]))
  await store.commit([await new Epochs(store, conversation).moved(sealed.state)])
  expect(await count()).toBe(counts[2])

  const kept = encodeStateApart(sealed.state).head
  await store.commit([
    ...states.slice(0, 2).map((state) => ({ delete: 'epochs', key: [conversation, state.epochId] }) as const),
    ...(await unneededNodes(store, conversation, [kept])),
  ])
  expect(await count()).toBe(last)
  const read = await new Epochs(store, conversation).get(sealed.state.epochId)
  expect(read === undefined ? undefined : encodeState(read)).toEqual(encodeState(sealed.state))
  await store.commit(await unneededNodes(store, conversation, []))
  expect(await count()).toBe(0)
})

test('a state that was stored with its tree is read, and stays so as it moves on', async () => {
  const { engine, states } = await threeEpochs()
  const [, , tip] = states
  const store = memoryStore()
  const [put] = putEpoch(tip, ABOUT).slice(-1)
  if (put === undefined || !('put' in put) || put.put !== 'epochs') throw new Error('no row')
  await store.commit([{ put: 'epochs', row: { ...put.row, state: encodeState(tip) } }])
  const epochs = new Epochs(store, tip.conversation)
  expect(encodeState((await epochs.get(tip.epochId)) ?? states[0])).toEqual(encodeState(tip))
  const sealed = await seal(engine, tip, new Uint8Array([1]))
  await store.commit([await epochs.moved(sealed.state)])
  const row = await store.get('epochs', [tip.conversation, tip.epochId])
  expect(row === undefined ? undefined : isStateApart(row.state)).toBe(false)
  expect(row?.state).toEqual(encodeState(sealed.state))
})

/** Somebody alone, then with four more devices, then after an update. */
async function threeEpochs() {
  const random = seededRandom('tree-nodes')
  const engine = await createEngine({ crypto: nobleCrypto, random })
  const verify = verifyCredential(nobleCrypto)
  const device = async () => {
    const [accountSeed, deviceSeed] = [random.bytes(32), random.bytes(32)]
    const deviceKey = await nobleCrypto.ed25519.publicKey(deviceSeed)
    return { deviceSeed, credential: await certifyFirstDevice(nobleCrypto, { accountSeed, deviceKey, createdAt: 0 }) }
  }
  const self = await device()
  const alone = must(await found(engine, { conversation: random.bytes(32), self, verify }))
  const add: Uint8Array[] = []
  for (let at = 0; at < 4; at += 1) {
    add.push((await createKeyPackage(engine, { self: await device(), notBefore: 0, notAfter: 1 })).public)
  }
  const grown = must(await commit(engine, alone, { add, verify }, { opensGeneration: true })).child
  const renewed = must(await commit(engine, grown, {}, { opensGeneration: false })).child
  const states: readonly [EpochState, EpochState, EpochState] = [alone, grown, renewed]
  return { engine, states }
}

function must<T>(result: GroupResult<T>): T {
  if (!result.ok) throw new Error(result.reason)
  return result.value
}
