import { DURABILITY_CHECKS } from './store/durability-checks.ts'
import { modelCheck } from './store/model-check.ts'
import type { CheckBody, CheckList, StoreCheck, StorePlace } from './store/place.ts'
import { RANGE_CHECKS } from './store/range-checks.ts'
import { ROW_CHECKS } from './store/row-checks.ts'
import { SEARCH_CHECKS } from './store/search-checks.ts'

export type { StoreCheck, StorePlace } from './store/place.ts'

const MODEL_SEEDS = [1, 2, 3]
const MODEL_STEPS = 400

/**
 * Everything that a `Store` must do, as checks for any test runner, or none: a page runs them as they are. `make` gives
 * a new, empty place each time. `seeds`: of the random steps.
 */
export function storeConformance(
  name: string,
  make: () => Promise<StorePlace>,
  seeds: readonly number[] = MODEL_SEEDS,
): readonly StoreCheck[] {
  const models: CheckList = Object.fromEntries(
    seeds.map((seed) => [
      `${MODEL_STEPS} random steps answer as the oracle does, seed ${seed}`,
      modelCheck(seed, MODEL_STEPS),
    ]),
  )
  const checks = { ...ROW_CHECKS, ...RANGE_CHECKS, ...SEARCH_CHECKS, ...DURABILITY_CHECKS, ...models }
  return Object.entries(checks).map(([check, body]) => ({ name: `${name}: ${check}`, run: () => runCheck(make, body) }))
}

async function runCheck(make: () => Promise<StorePlace>, body: CheckBody): Promise<void> {
  const place = await make()
  try {
    const store = await place.open()
    try {
      await body(store, place)
    } finally {
      await store.close()
    }
  } finally {
    await place.dispose?.()
  }
}
