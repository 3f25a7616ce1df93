import { nameOf, seededRandom, type FaultPoint } from '@sotto/testkit'
import { expect, test } from 'vitest'
import { PATHS, type Path } from '../test/crash-paths.ts'
import { run, type Outcome } from '../test/crash-run.ts'
import { sample } from '../test/crash-sample.ts'

/**
 * A process dies at the calls of its ports, and comes back. Here at a sample of them; at all of them, which takes some ten minutes:
 * `CRASH_POINTS=all npx vitest run src/crash-points.test.ts`. Another sample: `CRASH_SEED=2`.
 */
const isAll = process.env['CRASH_POINTS'] === 'all'
const SEED = process.env['CRASH_SEED'] ?? '1'
const EACH = 9
const TWICE = 2
const HOUR_MS = 3_600_000

const paths: (Outcome & { path: Path; ends: readonly FaultPoint[] })[] = []
for (const path of PATHS) {
  const dry = await run(path)
  paths.push({ ...dry, path, ends: isAll ? dry.points : sample(dry.points, `${path.name} ${SEED}`, EACH) })
}
const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0)
const all = sum(paths.map(({ points }) => points.length))
const chosen = sum(paths.map(({ ends }) => ends.length))

test(`there are ${String(all)} points at which a process dies on ${String(paths.length)} paths; here it dies at ${String(chosen)}`, () => {
  for (const { path, points, violations, keys } of paths) {
    expect({ path: path.name, violations }).toEqual({ path: path.name, violations: [] })
    expect(points.length).toBeGreaterThan(100)
    // Else nobody would look whether a key was used twice.
    expect(keys).toBeGreaterThan(2)
  }
  expect(chosen).toBeGreaterThanOrEqual(40)
})

for (const { path, points, ends } of paths) {
  const title = `${path.name}: ${path.victim} dies at ${String(ends.length)} of ${String(points.length)} points (seed ${SEED})`
  test(title, { timeout: HOUR_MS }, async () => {
    const wrong: string[] = []
    for (const end of ends) {
      const { hasDied, violations } = await run(path, { ends: [end] })
      if (!hasDied) wrong.push(`${nameOf(end)}: not reached`)
      wrong.push(...violations.map((violation) => `${nameOf(end)}: ${violation}`))
    }
    expect(wrong).toEqual([])
  })

  test(`${path.name}: ${path.victim} dies again while it comes back (seed ${SEED})`, async () => {
    const random = seededRandom(`again ${path.name} ${SEED}`)
    const wrong: string[] = []
    for (const first of sample(points, `twice ${path.name} ${SEED}`, TWICE)) {
      const again = random.pick(points)
      const { violations } = await run(path, { ends: [first, again] })
      wrong.push(...violations.map((violation) => `${nameOf(first)}, then ${nameOf(again)}: ${violation}`))
    }
    expect(wrong).toEqual([])
  })
}
