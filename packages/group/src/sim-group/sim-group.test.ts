import { describe, expect, test } from 'vitest'
import { nobleCrypto } from '../index.ts'
import { symbolicGroup } from '../symbolic/index.ts'
import { runGroup, runWith } from './groups.ts'
import { bytesFrom } from './people.ts'

// A sample: `npm run sim:group -- --seeds 1-1000` is the real one.

describe.each([
  ['malicious devices', true],
  ['honest devices', false],
] as const)('worlds with %s', (_, hasEvil) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('%i, without cryptography', async (seed) => {
    expect((await runGroup(seed, { hasEvil, isSymbolic: true })).failures).toEqual([])
  })

  test('9, with it', { timeout: 120_000 }, async () => {
    const { failures, counts } = await runGroup(9, { hasEvil, isSymbolic: false })
    expect(failures).toEqual([])
    expect(counts['entered']).toBeGreaterThan(10)
  })
})

describe('mistakes of an engine are noticed', () => {
  const group = symbolicGroup({ crypto: nobleCrypto, random: bytesFrom('mistakes') })
  const failuresOf = async (changed: Partial<typeof group>): Promise<number> => {
    const runs = await Promise.all([1, 2, 3, 4].map((seed) => runWith({ ...group, ...changed }, seed, false)))
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
