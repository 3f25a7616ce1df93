import { describe, expect, it } from 'vitest'

import { NO_PLANT, simulate, USUAL } from '../test/simulation/world.ts'
import { PLANTS } from '../test/simulation/plants.ts'

describe('sim', () => {
  it('x', () => {
    let crashes = 0
    const t = Date.now()
    const sum = new Map<string, number>()
    for (let seed = 1; seed <= 60; seed++) {
      const o = simulate(seed, { ...USUAL, paths: (['both', 'relays', 'direct'] as const)[seed % 3]! })
      crashes += o.crashes
      for (const [k, v] of o.effects) sum.set(k, (sum.get(k) ?? 0) + v)
      if (o.violations.length) console.log(seed, o)
    }
    console.log(crashes, Date.now() - t, sum)
    for (const [name, plant] of Object.entries(PLANTS)) {
      let found = ''
      for (let seed = 1; seed <= 40 && found === ''; seed++) {
        try {
          const o = simulate(
            seed,
            {
              ...USUAL,
              paths: (['both', 'relays', 'direct'] as const)[seed % 3]!,
              rollback: name.includes('check') ? 0.05 : 0,
            },
            plant,
          )
          if (o.violations.length) found = seed + ' ' + o.violations.join('; ')
        } catch (e) {
          found = seed + ' threw ' + e
        }
      }
      console.log(name, '->', found)
    }
  }, 400000)
})
