import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { TreeNodeId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { engineFor, keyPackageOf, leafOf, must, pairOf, verify } from './fixtures/world.ts'
import {
  commit,
  decodeStateApart,
  encodeState,
  encodeStateApart,
  isStateApart,
  nodesNeeded,
  open,
  processCommit,
  seal,
  type EpochState,
} from './index.ts'

/** What a store keeps: heads by epoch, and nodes once, however many epochs have them. */
class Shelf {
  readonly nodes = new Map<TreeNodeId, Uint8Array>()
  put(state: EpochState): { head: Uint8Array; fresh: number } {
    const { head, nodes } = encodeStateApart(state)
    const before = this.nodes.size
    for (const { id, bytes } of nodes) this.nodes.set(id, bytes)
    return { head, fresh: this.nodes.size - before }
  }
  get = (id: TreeNodeId): Uint8Array | undefined => this.nodes.get(id)
}

/** A group of nine, of which Alice and Bob's states are followed, and what came of each of the commits. */
async function history(seed: string): Promise<readonly { alice: EpochState; bob: EpochState }[]> {
  const engine = await engineFor(seed)
  const pair = await pairOf(engine)
  const states = [{ alice: pair.alice, bob: pair.bob }]
  const people = await Promise.all(Array.from({ length: 7 }, (_, at) => keyPackageOf(engine, leafOf(`${seed}-${at}`))))
  const add = people.map(({ public: bytes }) => bytes)
  for (const change of [{ add, verify }, {}, { remove: [leafOf(`${seed}-3`).device] }, {}]) {
    const { alice, bob } = states.at(-1) ?? pair
    const made = must(await commit(engine, alice, change, { opensGeneration: true }))
    const { child } = must(await processCommit(engine, bob, made.commit, { verify }))
    states.push({ alice: made.child, bob: child })
  }
  return states
}

test('a state that was stored apart is the state that was stored', async () => {
  const engine = await engineFor('apart/1')
  for (const { alice, bob } of await history('apart/1')) {
    const shelf = new Shelf()
    const again = [alice, bob].map((state) => must(decodeStateApart(shelf.put(state).head, shelf.get)))
    expect(again.map(encodeState)).toEqual([alice, bob].map(encodeState))
    const [sender, receiver] = again
    if (sender === undefined || receiver === undefined) throw new Error('no states')
    const sealed = await seal(engine, sender, utf8ToBytes('on'))
    expect(must(await open(engine, receiver, sealed.message)).plaintext).toEqual(utf8ToBytes('on'))
    expect(shelf.put(sealed.state).fresh).toBe(0)
  }
})

test('an update adds the nodes of its path and no other; both members have the same ones', async () => {
  const states = await history('apart/2')
  const shelf = new Shelf()
  for (const { alice } of states.slice(0, 2)) shelf.put(alice)
  // Nine leaves in a tree of sixteen: a leaf and the four above it.
  const [, , updated] = states
  if (updated === undefined) throw new Error('no state')
  expect(shelf.put(updated.alice).fresh).toBe(5)
  expect(shelf.put(updated.bob).fresh).toBe(0)
})

test('what nodes are needed is known from heads; without one of them, or with a broken one, there is no state', async () => {
  const states = await history('apart/3')
  const shelf = new Shelf()
  const heads = states.map(({ alice }) => shelf.put(alice).head)
  expect(nodesNeeded(heads, shelf.get)).toEqual(new Set(shelf.nodes.keys()))
  const newest = heads.slice(-1)
  const needed = nodesNeeded(newest, shelf.get)
  expect(needed.size).toBeLessThan(shelf.nodes.size)
  for (const id of shelf.nodes.keys()) if (!needed.has(id)) shelf.nodes.delete(id)
  const [head = new Uint8Array()] = newest
  expect(decodeStateApart(head, shelf.get).ok).toBe(true)
  for (const [id, bytes] of shelf.nodes) {
    for (const broken of [undefined, bytes.subarray(1), bytes.with(0, 3), bytes.subarray(0, -1)]) {
      const get = (wanted: TreeNodeId) => (wanted === id ? broken : shelf.get(wanted))
      expect(decodeStateApart(head, get)).toEqual({ ok: false, reason: 'malformed' })
    }
  }
  expect(nodesNeeded([], shelf.get).size).toBe(0)
})

test('bytes that are no head are none, wherever they are cut off', async () => {
  const { alice } = (await history('apart/4'))[1] ?? { alice: undefined }
  if (alice === undefined) throw new Error('no state')
  const shelf = new Shelf()
  const { head } = shelf.put(alice)
  expect([isStateApart(head), isStateApart(encodeState(alice)), isStateApart(new Uint8Array())]).toEqual([
    true,
    false,
    false,
  ])
  for (let at = 0; at < head.length; at += 41) expect(decodeStateApart(head.subarray(0, at), shelf.get).ok).toBe(false)
  expect(decodeStateApart(Uint8Array.from([...head, 0]), shelf.get).ok).toBe(false)
  for (const width of [0, 3, 1024]) {
    const changed = Uint8Array.from(head)
    changed.set([width >> 8, width & 0xff], 97)
    expect(decodeStateApart(changed, shelf.get).ok).toBe(false)
  }
})
