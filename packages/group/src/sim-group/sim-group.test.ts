import { describe, expect, test } from 'vitest'
import { nobleCrypto } from '../index.ts'
import { symbolicGroup } from '../symbolic/index.ts'
import { runGroup, runWith } from './groups.ts'
import { bytesFrom } from './people.ts'

// A sample: `npm run sim:group -- --seeds 1-1000` is the real one.

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

/** What must have happened in these worlds, else nothing was shown. */
const HAPPENINGS = [
  'commits tried by outsiders',
  'Welcomes tried by outsiders',
  'messages tried by outsiders',
  'damaged commits',
  'damaged Welcomes',
  'damaged messages',
  'early Welcomes',
  'Welcomes twice',
  'commits twice',
  'messages twice',
  'messages with a twin',
  'stale key packages',
  'key packages used again',
  'shut out',
  'restarts',
]

describe('worlds with malicious devices', () => {
  test(`${SEEDS.join(', ')}, without cryptography`, async () => {
    const happened = new Set<string>()
    for (const seed of SEEDS) {
      const { failures, counts } = await runGroup(seed, { hasEvil: true, isSymbolic: true })
      expect({ seed, failures }).toEqual({ seed, failures: [] })
      for (const [what, count] of Object.entries(counts)) if (count > 0) happened.add(what)
    }
    expect(HAPPENINGS.filter((what) => !happened.has(what))).toEqual([])
  })

  test.each(SEEDS)('%i, small, with it', async (seed) => {
    const { failures, counts } = await runGroup(seed, { hasEvil: true, isSymbolic: false, isSmall: true, turns: 16 })
    expect(failures).toEqual([])
    expect(counts['commits']).toBeGreaterThan(0)
  })
})

describe('worlds with honest devices', () => {
  test.each([1, 2, 3, 4])('%i, without cryptography', async (seed) => {
    expect((await runGroup(seed, { hasEvil: false, isSymbolic: true })).failures).toEqual([])
  })
})

describe('mistakes of devices are noticed', () => {
  test.each([
    ['dropLosing', 'unreadable'],
    ['authorOnly', 'tip-is-not-desired'],
    ['localFinality', 'stuck-by-deletion'],
    ['fourKeptEpochs', 'no-state'],
    ['ownCommitProcessed', 'unreadable'],
    ['storesLate', 'unreadable'],
    ['arrivalOrder', 'no-rest'],
  ])('%s in world 1', async (plant, kind) => {
    const run = await runGroup(1, { hasEvil: true, isSymbolic: true, plants: { [plant]: true } })
    expect(run.failures.map((failure) => failure.kind)).toContain(kind)
  })
})

describe('mistakes of an engine are noticed', () => {
  const group = symbolicGroup({ crypto: nobleCrypto, random: bytesFrom('mistakes') })
  const failuresOf = async (changed: Partial<typeof group>): Promise<number> => {
    const runs = await Promise.all(
      [1, 2, 3, 4].map((seed) => runWith({ ...group, ...changed }, seed, { hasEvil: false, isSmall: true })),
    )
    return runs.flatMap(({ failures }) => failures).length
  }

  test('a restart that forgets which steps were used', async () => {
    const decodeState: typeof group.decodeState = (bytes) => {
      const state = group.decodeState(bytes)
      return state.ok ? { ok: true, value: { ...state.value, sealed: 0 } } : state
    }
    expect(await failuresOf({ decodeState })).toBeGreaterThan(0)
  })

  test('members who are never removed', async () => {
    const commit: typeof group.commit = (state, change, options) =>
      group.commit(state, { ...change, remove: [] }, options)
    expect(await failuresOf({ commit })).toBeGreaterThan(0)
  })

  test('messages of any epoch open', async () => {
    const open: typeof group.open = async (state, message) => {
      const opened = await group.open(state, message)
      const sender = state.members[0]?.device
      if (opened.ok || sender === undefined) return opened
      return { ok: true, value: { state, plaintext: message, sender, authenticatedData: message } }
    }
    expect(await failuresOf({ open })).toBeGreaterThan(0)
  })
})
