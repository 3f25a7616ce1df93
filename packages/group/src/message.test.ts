import { utf8ToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SUITE, type GroupEngine } from './engine.ts'
import { costOf } from './fixtures/insider/cost.ts'
import { lawless, sealedAt } from './fixtures/insider/forge.ts'
import { alice, engineFor, must, pairOf, verify } from './fixtures/world.ts'
import { commit, decodeState, encodeState, open, processCommit, seal, turnTowards, type EpochState } from './index.ts'
import { FORWARD_STEPS } from './limits.ts'

async function sealed(engine: GroupEngine, from: EpochState, count: number) {
  let state = from
  const messages: Uint8Array[] = []
  for (let i = 0; i < count; i++) {
    const next = await seal(engine, state, utf8ToBytes(`message ${i}`))
    state = next.state
    messages.push(next.message)
  }
  return { state, messages }
}

let talk: Promise<{ engine: GroupEngine; bob: EpochState; messages: readonly Uint8Array[] }> | undefined

/** 5,010 messages of Alice's, of which Bob has read none: made once for all that ask for thousands. */
function longTalk(): NonNullable<typeof talk> {
  const make = async () => {
    const engine = await engineFor('order/4')
    const pair = await pairOf(engine)
    return { engine, bob: pair.bob, messages: (await sealed(engine, pair.alice, 5010)).messages }
  }
  return (talk ??= make())
}

describe('each message opens once, in whatever order', () => {
  test('any permutation, with duplicates, opens each message exactly once', async () => {
    const engine = await engineFor('order/1')
    const pair = await pairOf(engine)
    const { messages } = await sealed(engine, pair.alice, 6)
    const arrivals = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 0, 2, 4, 5, 5], { minLength: 11, maxLength: 11 })
    const once = async (order: number[]) => {
      let state = pair.bob
      const seen = new Set<number>()
      for (const index of order) {
        const opened = await open(engine, state, messages[index] ?? new Uint8Array())
        expect(opened.ok ? 'opened' : opened.reason).toBe(seen.has(index) ? 'replayed' : 'opened')
        seen.add(index)
        if (opened.ok) state = opened.value.state
      }
    }
    await fc.assert(fc.asyncProperty(arrivals, once), { numRuns: 30, seed: 1 })
  })

  test('150 messages in reverse order', async () => {
    const engine = await engineFor('order/2')
    const pair = await pairOf(engine)
    const { messages } = await sealed(engine, pair.alice, 150)
    let state = pair.bob
    for (const [index, message] of [...messages.entries()].reverse()) {
      const opened = must(await open(engine, state, message))
      expect(opened.plaintext).toEqual(utf8ToBytes(`message ${index}`))
      state = opened.state
    }
  })

  test('1,000 steps forward open, one more is too far, and the skipped ones still open after a restart', async () => {
    const { engine, bob, messages } = await longTalk()
    const at = (index: number) => messages[index] ?? new Uint8Array()
    expect(await open(engine, bob, at(1001))).toEqual({ ok: false, reason: 'too-far' })
    const far = must(await open(engine, bob, at(1000)))
    const restored = must(decodeState(encodeState(far.state)))
    for (const index of [0, 499, 999, 1001]) {
      expect(must(await open(engine, restored, at(index))).plaintext).toEqual(utf8ToBytes(`message ${index}`))
    }
    expect(await open(engine, restored, at(1000))).toEqual({ ok: false, reason: 'replayed' })
  })

  test('5,000 skipped keys are kept: the oldest gives way', async () => {
    const { engine, bob, messages } = await longTalk()
    let state = bob
    for (const index of [1000, 2000, 3000, 4000, 5000, 5009]) {
      state = must(await open(engine, state, messages[index] ?? new Uint8Array())).state
    }
    expect(encodeState(state).length).toBeLessThan(500_000)
    state = must(decodeState(encodeState(state)))
    expect((await open(engine, state, messages[5001] ?? new Uint8Array())).ok).toBe(true)
    expect((await open(engine, state, messages[10] ?? new Uint8Array())).ok).toBe(true)
    expect(await open(engine, state, messages[0] ?? new Uint8Array())).toEqual({ ok: false, reason: 'replayed' })
  })
})

describe('what is not a message of this epoch is refused by a value, and changes nothing', () => {
  test("a message of another conversation, of another epoch, and one's own", async () => {
    const engine = await engineFor('refuse/1')
    const [pair, other] = [await pairOf(engine, 'one'), await pairOf(engine, 'two')]
    const { message } = await seal(engine, other.alice, utf8ToBytes('x'))
    expect(await open(engine, pair.bob, message)).toEqual({ ok: false, reason: 'wrong-conversation' })
    const made = must(await commit(engine, pair.alice, {}, { opensGeneration: false }))
    const later = await seal(engine, made.child, utf8ToBytes('x'))
    expect(await open(engine, pair.bob, later.message)).toEqual({ ok: false, reason: 'wrong-epoch' })
    const own = await seal(engine, pair.alice, utf8ToBytes('x'))
    expect(await open(engine, own.state, own.message)).toEqual({ ok: false, reason: 'replayed' })
  })

  test('a message of a sibling epoch with the same number does not open', async () => {
    const engine = await engineFor('refuse/2')
    const pair = await pairOf(engine)
    const [left, right] = [
      must(await commit(engine, pair.alice, {}, { opensGeneration: false })),
      must(await commit(engine, pair.bob, {}, { opensGeneration: false })),
    ]
    expect(left.child.epoch).toBe(right.child.epoch)
    expect(left.child.epochId).not.toBe(right.child.epochId)
    const { message } = await seal(engine, left.child, utf8ToBytes('left'))
    expect(await open(engine, right.child, message)).toEqual({ ok: false, reason: 'undecryptable' })
    // Both branches stay open to both: that is what keeping the parent is for.
    const atBob = must(await processCommit(engine, pair.bob, left.commit, { verify })).child
    const atAlice = must(await processCommit(engine, pair.alice, right.commit, { verify })).child
    expect([atBob.epochId, atAlice.epochId]).toEqual([left.child.epochId, right.child.epochId])
    expect(must(await open(engine, atBob, message)).sender).toBe(alice.device)
  })

  test('a message or a commit with any bit changed, or cut anywhere', async () => {
    const engine = await engineFor('refuse/3')
    const pair = await pairOf(engine)
    const { message } = await seal(engine, pair.alice, utf8ToBytes('hello'), { authenticatedData: Uint8Array.of(7) })
    for (let bit = 0; bit < message.length * 8; bit++) {
      const changed = message.slice()
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect((await open(engine, pair.bob, changed)).ok).toBe(false)
    }
    for (let length = 0; length < message.length; length++) {
      expect((await open(engine, pair.bob, message.slice(0, length))).ok).toBe(false)
    }
    expect(await open(engine, pair.bob, Uint8Array.of(...message, 0))).toEqual({ ok: false, reason: 'not-a-message' })
    const made = must(await commit(engine, pair.alice, {}, { opensGeneration: false }))
    for (let byte = 0; byte < made.commit.length; byte += 7) {
      const changed = made.commit.slice()
      changed[byte] = (changed[byte] ?? 0) ^ 0x40
      expect((await processCommit(engine, pair.bob, changed, { verify })).ok).toBe(false)
    }
    expect(must(await open(engine, pair.bob, message)).plaintext).toEqual(utf8ToBytes('hello'))
    expect(await open(engine, pair.bob, made.commit)).toEqual({ ok: false, reason: 'not-a-message' })
    expect(await processCommit(engine, pair.bob, message, { verify })).toEqual({ ok: false, reason: 'not-a-message' })
  })
})

test('a commit of our own that comes back is refused: its child was stored when it was made', async () => {
  const engine = await engineFor('own/2')
  const pair = await pairOf(engine)
  const made = must(await commit(engine, pair.alice, {}, { opensGeneration: false }))
  for (const state of [pair.alice, made.parent, made.child]) {
    expect((await processCommit(engine, state, made.commit, { verify })).ok).toBe(false)
  }
})

test('our own mistakes throw: too much to seal', async () => {
  const engine = await engineFor('own/1')
  const pair = await pairOf(engine)
  await expect(seal(engine, pair.alice, new Uint8Array(1_048_577))).rejects.toMatchObject({ code: 'message-too-large' })
})

describe('a message far ahead of what was read cannot keep a receiver busy', () => {
  const LIMIT_MS = 50

  test('one of 4,500 steps is turned to in pieces; what was skipped still opens', async () => {
    const { engine, bob, messages } = await longTalk()
    const far = messages[4500] ?? new Uint8Array()
    let state = bob
    let turns = 0
    for (; !(await open(engine, state, far)).ok; turns++) {
      const before = state
      state = must(await turnTowards(engine, before, far))
      expect(await costOf(() => turnTowards(engine, before, far), LIMIT_MS)).toBeLessThan(LIMIT_MS)
    }
    expect(turns).toBe(4)
    let reader = must(decodeState(encodeState(must(await open(engine, state, far)).state)))
    for (const index of [0, 999, 1000, 1001, 2001, 4499]) {
      const opened = must(await open(engine, reader, messages[index] ?? new Uint8Array()))
      expect(opened.plaintext).toEqual(utf8ToBytes(`message ${index}`))
      reader = opened.state
    }
    expect(await open(engine, reader, far)).toEqual({ ok: false, reason: 'replayed' })
  })

  test('more than 5,000 steps are not turned, nor towards nobody', async () => {
    const engine = await engineFor('far/4')
    const pair = await pairOf(engine)
    const towards = async (leaf: number, generation: number) => {
      const content = { ...application(utf8ToBytes('x')), claimed: { leaf, generation } }
      return turnTowards(
        engine,
        pair.bob,
        await sealedAt(engine[SUITE], lawless(pair.bob), { leaf: 0, generation: 0 }, content),
      )
    }
    expect((await towards(0, 5000)).ok).toBe(true)
    expect(await towards(0, 5001)).toEqual({ ok: false, reason: 'too-far' })
    expect(await towards(7, 2000)).toEqual({ ok: false, reason: 'undecryptable' })
  })
  const far = { leaf: 0, generation: FORWARD_STEPS }
  const application = (plaintext: Uint8Array) => ({ type: 'application', plaintext }) as const

  test('a true one that skips 1,000', async () => {
    const { engine, bob, messages } = await longTalk()
    const last = messages[FORWARD_STEPS] ?? new Uint8Array()
    must(await open(engine, bob, last))
    expect(await costOf(() => open(engine, bob, last), LIMIT_MS)).toBeLessThan(LIMIT_MS)
  })

  test("another member's forgery in the author's place, which is refused and changes nothing", async () => {
    const engine = await engineFor('far/2')
    const pair = await pairOf(engine)
    const forged = await sealedAt(engine[SUITE], lawless(pair.bob), far, application(utf8ToBytes('not by Alice')))
    const refused = () => open(engine, pair.bob, forged)
    expect((await refused()).ok).toBe(false)
    expect(await costOf(refused, LIMIT_MS)).toBeLessThan(LIMIT_MS)
  })

  test.for([FORWARD_STEPS + 1, 100_000, 2 ** 32 - 1])('one that says it is %d ahead, at once', async (generation) => {
    const engine = await engineFor('far/3')
    const pair = await pairOf(engine)
    const content = { ...application(utf8ToBytes('x')), claimed: { leaf: 0, generation } }
    const forged = await sealedAt(engine[SUITE], lawless(pair.bob), { leaf: 0, generation: 0 }, content)
    expect(await open(engine, pair.bob, forged)).toEqual({ ok: false, reason: 'too-far' })
    expect(await costOf(() => open(engine, pair.bob, forged), 5)).toBeLessThan(5)
  })
})
