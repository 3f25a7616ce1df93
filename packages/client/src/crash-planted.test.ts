import type { FaultPoint } from '@sotto/testkit'
import { afterAll, expect, test } from 'vitest'
import type { Path } from '../test/crash-parts.ts'
import { PATHS } from '../test/crash-paths.ts'
import { run } from '../test/crash-run.ts'
import { sample } from '../test/crash-sample.ts'
import { backToPlatform } from '../test/crash-rest.ts'

afterAll(backToPlatform)

/** So many deaths a path show the mistake; more only take time. */
const TRIES = 12
/** The quick paths, and of those that take longer, one. */
const all = PATHS.filter(
  ({ name, talks, setUps }) => (talks.length === 1 && setUps === undefined) || name === 'group remove',
)
/** A third of them, unless `CRASH_POINTS` asks for more. */
const tried = process.env['CRASH_POINTS'] === undefined ? all.filter((_, at) => at % 3 === 0) : all

/** Something has just left. */
function isSent({ call, when }: FaultPoint): boolean {
  return when === 'after' && ['relay.put', 'session.send'].includes(call)
}

/** What was sent before is not stored. */
function isUnstored({ call, when }: FaultPoint): boolean {
  return when === 'before' && call === 'store.commit'
}

/** Some deaths at random, most of them just after something has left. */
function drawn(path: Path, points: readonly FaultPoint[]): readonly FaultPoint[] {
  const seed = `planted ${path.name}`
  return [...sample(points.filter(isSent), seed, TRIES), ...sample(points, seed, TRIES)]
}

/** What such deaths of a build that sends before it stores lead to, until `isEnough`. */
async function consequences(
  path: Path,
  deaths: (points: readonly FaultPoint[]) => readonly FaultPoint[],
  isEnough: (found: readonly string[]) => boolean,
): Promise<string[]> {
  const { points, violations } = await run(path, { hasty: true })
  // Without a death nothing is lost: only ticks of others may have come too early.
  expect(violations.filter((violation) => !violation.includes('was told'))).toEqual([])
  const found: string[] = []
  for (const end of deaths(points)) {
    found.push(...(await run(path, { ends: [end], hasty: true })).violations)
    if (isEnough(found)) break
  }
  return found
}

test.each(tried)('$name: a build that sends before it stores is found out', async (path) => {
  const found = await consequences(
    path,
    (points) => drawn(path, points),
    ({ length }) => length > 0,
  )
  expect(found).not.toEqual([])
})

test('a key that such a build uses twice is seen', async () => {
  const path = PATHS.find(({ name }) => name === 'send directly')
  if (path === undefined) throw new Error('no such path')
  const isSeen = (found: readonly string[]): boolean => found.some((entry) => entry.startsWith('a key was used twice'))
  const found = await consequences(path, (points) => points.filter(isUnstored), isSeen)
  expect(isSeen(found)).toBe(true)
})
