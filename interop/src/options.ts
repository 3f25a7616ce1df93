import { parseArgs } from 'node:util'
import { isEngineName, suiteIdOf, type EngineName, type SuiteId } from './names.ts'

export const USAGE = `interop [--seeds A-B] [--steps N] [--suite 1|2] [--engine NAME | --known-bad] [--json]
interop --install

Plays groups whose members run the group engine's library and OpenMLS, and compares all of them after every step: written scenarios, then
random ones, in both directions. Sotto's own suite (0xf00e) is not played: OpenMLS has no X-Wing. The other implementations are
installed once, from interop/.
  --seeds A-B   which random groups (default 1-20, with --known-bad 1-3)
  --steps N     operations of each (default 80)
  --suite 1|2   only this cipher suite (default both)
  --engine NAME product (default), unpatched (ts-mls 1.6.4 as published) or 1.6.2: the last two must fail
  --known-bad   both of these, and that each is caught for its known reason
  --json        one line of JSON
  --install     only installs the other implementations, and prints their folder
Exit status: 0 nothing failed, 1 something failed, 2 wrong usage.
`

export interface Options {
  readonly seeds: { readonly from: number; readonly to: number }
  readonly steps: number
  readonly suites: readonly SuiteId[]
  readonly engine: EngineName
  readonly knownBad: boolean
  readonly json: boolean
  readonly install: boolean
  readonly help: boolean
}

const OPTIONS = {
  seeds: { type: 'string' },
  steps: { type: 'string' },
  suite: { type: 'string' },
  engine: { type: 'string' },
  'known-bad': { type: 'boolean' },
  json: { type: 'boolean' },
  install: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** The options, or what is wrong with them. */
export function optionsOf(args: string[]): Options | string {
  try {
    const { values } = parseArgs({ args, options: OPTIONS })
    const { steps = '80', suite, engine = 'product' } = values
    // An engine that is bad is so at once: a few groups are enough.
    const { seeds = values['known-bad'] ? '1-3' : '1-20' } = values
    const [, from, to] = /^(\d{1,9})-(\d{1,9})$/.exec(seeds) ?? []
    if (from === undefined || to === undefined || Number(from) > Number(to))
      return 'Give the seeds as A-B, the lower one first.'
    if (!/^\d{1,4}$/.test(steps)) return 'Give the steps as a number below 10000.'
    const suiteId = suite === undefined ? undefined : suiteIdOf(suite)
    if (suite !== undefined && suiteId === undefined) return 'There are suites 1 and 2.'
    if (!isEngineName(engine)) return `There is no engine ${JSON.stringify(engine)}: product, unpatched or 1.6.2.`
    if (values.engine !== undefined && values['known-bad']) return 'Give --engine or --known-bad, not both.'
    return {
      seeds: { from: Number(from), to: Number(to) },
      steps: Number(steps),
      suites: suiteId === undefined ? [1, 2] : [suiteId],
      engine,
      knownBad: values['known-bad'] ?? false,
      json: values.json ?? false,
      install: values.install ?? false,
      help: values.help ?? false,
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
