import type { CoreCrypto } from './core-crypto.ts'
import { engineOf } from './engines.ts'
import { MixedGroup } from './mixed-group.ts'
import type { EngineName, SuiteId } from './names.ts'
import type { Options } from './options.ts'
import { planOf, type Plan } from './plan.ts'
import { play, type Played } from './play.ts'
import { scenarios } from './scenarios.ts'

/** One group that was played. */
export interface Run extends Played {
  readonly name: string
  readonly seed?: number
  readonly engine: EngineName
  readonly suite: SuiteId
  readonly founder: Plan['founder']
  readonly seconds: number
}

interface Named {
  readonly name: string
  readonly plan: Plan
  readonly seed?: number
}

/** Plays what the options ask for, one group after the other, and tells of each as it ends. */
export async function compare(
  coreCrypto: CoreCrypto,
  engine: EngineName,
  { suites, seeds, steps }: Pick<Options, 'suites' | 'seeds' | 'steps'>,
  onEnd: (run: Run) => void,
): Promise<Run[]> {
  const runs: Run[] = []
  for (const suite of suites) {
    for (const { plan, ...named } of plansOf(seeds, steps)) {
      const began = performance.now()
      const group = new MixedGroup(await engineOf(engine, suite), coreCrypto, suite)
      const played = await play(plan, group)
      const seconds = Math.round((performance.now() - began) / 100) / 10
      const run = { ...named, engine, suite, founder: plan.founder, seconds, ...played }
      onEnd(run)
      runs.push(run)
    }
  }
  return runs
}

function* plansOf({ from, to }: Options['seeds'], steps: number): Generator<Named> {
  for (const [name, plan] of Object.entries(scenarios)) yield { name, plan }
  for (let seed = from; seed <= to; seed++) yield { name: `seed ${seed}`, plan: planOf(seed, steps), seed }
}
