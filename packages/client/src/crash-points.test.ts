import { nameOf, seededRandom, type FaultPoint } from '@sotto/testkit'
import { afterAll, expect, test } from 'vitest'
import type { Path } from '../test/crash-parts.ts'
import { PATHS } from '../test/crash-paths.ts'
import { run, type Outcome } from '../test/crash-run.ts'
import { sample } from '../test/crash-sample.ts'
import { backToPlatform } from '../test/crash-rest.ts'

afterAll(backToPlatform)

/**
 * A process dies at the calls of its ports, and comes back. Here at a few of them on each path; `CRASH_POINTS=20` takes so many on each,
 * and `CRASH_POINTS=all` every one, which takes hours: `CRASH_POINTS=all npx vitest run src/crash-points.test.ts`. Another choice:
 * `CRASH_SEED=2`.
 */
const WANTED = process.env['CRASH_POINTS']
const SEED = process.env['CRASH_SEED'] ?? '1'
const HOURS_MS = 10_000_000

/** Three people, or two devices: these take longer. */
function isLong({ points }: Outcome): boolean {
  return points.length > 800
}

const paths: (Outcome & { path: Path; ends: readonly FaultPoint[] })[] = []
for (const path of PATHS) {
  const dry = await run(path)
  const few = isLong(dry) ? 1 : 2
  const count = WANTED === undefined || WANTED === 'all' ? few : Number(WANTED)
  paths.push({ ...dry, path, ends: WANTED === 'all' ? dry.points : sample(dry.points, `${path.name} ${SEED}`, count) })
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
  test(title, { timeout: HOURS_MS }, async () => {
    const wrong: string[] = []
    for (const end of ends) {
      const { hasDied, violations } = await run(path, { ends: [end] })
      if (!hasDied) wrong.push(`${nameOf(end)}: not reached`)
      wrong.push(...violations.map((violation) => `${nameOf(end)}: ${violation}`))
    }
    expect(wrong).toEqual([])
  })
}

test(`who dies again while they come back (seed ${SEED})`, { timeout: HOURS_MS }, async () => {
  const wrong: string[] = []
  for (const { path, points } of WANTED === undefined ? paths.filter((dry) => !isLong(dry)) : paths) {
    const random = seededRandom(`again ${path.name} ${SEED}`)
    const [first, again] = [random.pick(points), random.pick(points)]
    const { violations } = await run(path, { ends: [first, again] })
    wrong.push(...violations.map((violation) => `${path.name}, ${nameOf(first)}, then ${nameOf(again)}: ${violation}`))
  }
  expect(wrong).toEqual([])
})
