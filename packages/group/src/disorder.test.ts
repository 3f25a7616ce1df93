import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { EpochId } from '@sotto/interface'
import { beforeAll, describe, expect, test } from 'vitest'
import type { GroupEngine } from './engine.ts'
import { sceneOf, type Scene } from './fixtures/insider/scene.ts'
import { leafOf, must, verify } from './fixtures/world.ts'
import { commit, decodeState, encodeState, open, processCommit, seal, type EpochState } from './index.ts'
import { randomFrom, shuffled } from './sim-rules/random.ts'

// What a reader holds after a fork or a removal are the states of several epochs; a message names the one that it was sealed in.

const SEED = 1
const EACH = 250
const OPTIONS = { opensGeneration: false }

interface Sent {
  readonly epochId: EpochId
  readonly text: string
  readonly message: Uint8Array
}

let scene: Scene
beforeAll(async () => {
  scene = await sceneOf('disorder')
})

async function sentBy(engine: GroupEngine, name: string, from: EpochState, count: number): Promise<Sent[]> {
  const sent: Sent[] = []
  let state = from
  for (let i = 0; i < count; i++) {
    const text = `${name} ${String(i)} in ${state.epochId}`
    const sealed = await seal(engine, state, utf8ToBytes(text))
    sent.push({ epochId: state.epochId, text, message: sealed.message })
    state = sealed.state
  }
  return sent
}

/** A reader's states by epoch, as a store has them. */
class Reader {
  readonly states = new Map<EpochId, EpochState>()
  readonly read: string[] = []

  constructor(...states: readonly EpochState[]) {
    for (const state of states) this.states.set(state.epochId, state)
  }

  async take({ epochId, message }: Pick<Sent, 'epochId' | 'message'>): Promise<string> {
    const state = this.states.get(epochId)
    if (state === undefined) return 'no such epoch'
    const opened = await open(scene.engine, state, message)
    if (!opened.ok) return opened.reason
    this.states.set(epochId, opened.value.state)
    this.read.push(new TextDecoder().decode(opened.value.plaintext))
    return 'opened'
  }

  restart(): void {
    for (const [id, state] of this.states) this.states.set(id, must(decodeState(encodeState(state))))
  }
}

describe('messages of both sides of a fork', () => {
  test(`${String(6 * EACH)} of three authors, in any order, twice, with restarts: each opens once (seed ${String(SEED)})`, async () => {
    const { engine, states } = scene
    const left = must(await commit(engine, states.mallory, {}, OPTIONS))
    const right = must(await commit(engine, states.bob, {}, OPTIONS))
    const into = async (state: EpochState, bytes: Uint8Array): Promise<EpochState> =>
      must(await processCommit(engine, state, bytes, { verify })).child
    const sent: Sent[] = [
      ...(await sentBy(engine, 'mallory', states.mallory, EACH)),
      ...(await sentBy(engine, 'bob', states.bob, EACH)),
      ...(await sentBy(engine, 'carol', await into(states.carol, left.commit), EACH)),
      ...(await sentBy(engine, 'carol', await into(states.carol, right.commit), EACH)),
      ...(await sentBy(engine, 'mallory', left.child, EACH)),
      ...(await sentBy(engine, 'bob', right.child, EACH)),
    ]
    const sides = [await into(states.alice, left.commit), await into(states.alice, right.commit)]
    const reader = new Reader(states.alice, ...sides)
    expect(reader.states.size).toBe(3)
    const opened = new Set<Sent>()
    for (const [i, one] of shuffled(randomFrom(SEED), [...sent, ...sent]).entries()) {
      expect(await reader.take(one)).toBe(opened.has(one) ? 'replayed' : 'opened')
      opened.add(one)
      if (i % 500 === 0) reader.restart()
    }
    expect(reader.read.toSorted()).toEqual(sent.map(({ text }) => text).toSorted())
  })
})

describe('messages of somebody who is removed', () => {
  test('open in the epochs in which they were in, as long as those are held, and in no other', async () => {
    const { engine, states } = scene
    const removing = must(
      await commit(engine, states.bob, { remove: [leafOf('mallory').device] }, { opensGeneration: true }),
    )
    expect(await processCommit(engine, states.mallory, removing.commit, { verify })).toMatchObject({
      reason: 'removed',
    })
    const [early, late] = (await sentBy(engine, 'mallory', states.mallory, 2)) as [Sent, Sent]
    const after = must(await processCommit(engine, states.alice, removing.commit, { verify })).child
    const reader = new Reader(states.alice, after)
    // Nobody can tell whether it was sealed before its author knew, so both are read.
    expect(await reader.take(early)).toBe('opened')
    expect(await reader.take({ epochId: after.epochId, message: late.message })).toBe('wrong-epoch')
    expect(await reader.take(late)).toBe('opened')
    expect(await reader.take(early)).toBe('replayed')
    // Once the removal is final, the state of the epoch before is deleted.
    const final = new Reader(after)
    expect(await final.take(late)).toBe('no such epoch')
    const [others] = await sentBy(engine, 'bob', removing.child, 1)
    expect(await final.take(others as Sent)).toBe('opened')
    expect((await open(engine, states.mallory, (others as Sent).message)).ok).toBe(false)
  })
})
