import { parentPort, workerData } from 'node:worker_threads'
import type { Run, Task } from './compare.ts'
import { loadCoreCrypto } from './core-crypto.ts'
import { engineOf } from './engines.ts'
import { MixedGroup } from './mixed-group.ts'
import { planOf, type Plan } from './plan.ts'
import { play } from './play.ts'
import { scenarios } from './scenarios.ts'

const { engine, suite, seeds, steps } = workerData as Task // from compare.ts, which alone starts this
const coreCrypto = await loadCoreCrypto()
for (const { plan, ...named } of plansOf()) {
  const began = performance.now()
  const group = new MixedGroup(await engineOf(engine, suite), coreCrypto, suite)
  const played = await play(plan, group)
  const seconds = Math.round((performance.now() - began) / 100) / 10
  const run: Run = { ...named, engine, suite, founder: plan.founder, seconds, ...played }
  parentPort?.postMessage(run)
}

function* plansOf(): Generator<{ name: string; plan: Plan; seed?: number }> {
  for (const [name, plan] of Object.entries(scenarios)) yield { name, plan }
  for (let seed = seeds.from; seed <= seeds.to; seed++) yield { name: `seed ${seed}`, plan: planOf(seed, steps), seed }
}
