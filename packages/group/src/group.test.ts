import fc from 'fast-check'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { describe, expect, test } from 'vitest'
import type { GroupEngine } from './engine.ts'
import { INNER } from './state.ts'
import { FACTOR } from './fixtures/insider/how-many.ts'
import { engineFor, keyPackageOf, leafOf, must, verify } from './fixtures/world.ts'
import {
  commit,
  encodeState,
  found,
  generationOf,
  join,
  open,
  processCommit,
  roster,
  seal,
  type Change,
  type EpochState,
} from './index.ts'

/** One step: who commits, how many join, who is taken out, and whether a generation is opened. */
interface Step {
  committer: number
  adds: number
  remove: number | undefined
  opens: boolean
}

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  committer: fc.nat({ max: 99 }),
  adds: fc.constantFrom(0, 0, 1, 1, 2, 3),
  remove: fc.option(fc.nat({ max: 99 }), { nil: undefined }),
  opens: fc.boolean(),
})

async function run(engine: GroupEngine, steps: readonly Step[]): Promise<void> {
  let names = 0
  const founder = leafOf(`member-${names++}`)
  let states: EpochState[] = [
    must(await found(engine, { conversation: sha256(utf8ToBytes('g')), self: founder, verify })),
  ]
  for (const step of steps) {
    const committer = states[step.committer % states.length] as EpochState
    const others = states.filter((state) => state !== committer)
    const target = step.remove === undefined || others.length < 2 ? undefined : others[step.remove % others.length]
    const newcomers = await Promise.all(
      Array.from({ length: states.length > 9 ? 0 : step.adds }, async () => {
        const self = leafOf(`member-${names++}`)
        return { self, keyPackage: await keyPackageOf(engine, self) }
      }),
    )
    const change: Change = {
      add: newcomers.map((n) => n.keyPackage.public),
      ...(target === undefined ? {} : { remove: [ownDevice(target)] }),
      verify,
    }
    const made = must(await commit(engine, committer, change, { opensGeneration: step.opens }))
    const next = [made.child]
    for (const state of others) {
      const seen = await processCommit(engine, state, made.commit, { verify })
      if (state === target) expect(seen).toEqual({ ok: false, reason: 'removed' })
      else next.push(must(seen).child)
    }
    for (const { self, keyPackage } of newcomers) {
      next.push(must(await join(engine, { welcome: made.welcome ?? new Uint8Array(), keyPackage, self, verify })))
    }
    for (const state of next) {
      expect(state.epochId).toBe(made.child.epochId)
      expect(roster(state)).toEqual(roster(made.child))
      expect((await generationOf(engine, state)).id).toBe((await generationOf(engine, made.child)).id)
    }
    states = await talked(engine, next)
  }
}

/** The last one says something and everybody understands it. */
async function talked(engine: GroupEngine, states: readonly EpochState[]): Promise<EpochState[]> {
  const [speaker, ...others] = [...states].reverse()
  if (speaker === undefined) return []
  const sealed = await seal(engine, speaker, utf8ToBytes('said'))
  const heard = await Promise.all(others.map(async (state) => must(await open(engine, state, sealed.message)).state))
  return [sealed.state, ...heard]
}

function ownDevice(state: EpochState) {
  const own = roster(state).find((m) => m.leafIndex === state[INNER].mls.privatePath.leafIndex)
  if (own === undefined) throw new Error('not a member')
  return own.device
}

/** A browser, which runs the same code again, plays two of them. */
const HISTORIES = Math.ceil(6 * FACTOR)

describe('whatever is added, removed and renewed, all who are in hold one epoch, and nobody else does', () => {
  // Interleaved additions and updates also make the trees that an unpatched ts-mls 1.6.4 refuses to join.
  test(`${String(HISTORIES)} random histories of up to 12 commits`, async () => {
    const histories = fc.array(stepArbitrary, { minLength: 4, maxLength: 12 })
    const property = fc.asyncProperty(histories, async (steps) => run(await engineFor('histories'), steps))
    await fc.assert(property, { numRuns: HISTORIES, seed: 3, endOnFailure: true })
  })
})

test('the same random bytes give the same bytes: there is no other chance and no clock in the engine', async () => {
  const once = async () => {
    const engine = await engineFor('determinism')
    const self = leafOf('founder')
    const alone = must(await found(engine, { conversation: sha256(utf8ToBytes('d')), self, verify }))
    const keyPackage = await keyPackageOf(engine, leafOf('second'))
    const made = must(await commit(engine, alone, { add: [keyPackage.public], verify }, { opensGeneration: true }))
    const sealed = await seal(engine, made.child, utf8ToBytes('x'))
    return {
      keyPackage,
      commit: made.commit,
      welcome: made.welcome,
      message: sealed.message,
      state: encodeState(sealed.state),
    }
  }
  expect(await once()).toEqual(await once())
})
