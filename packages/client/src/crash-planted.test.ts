import { expect, test } from 'vitest'
import { PATHS } from '../test/crash-paths.ts'
import { run } from '../test/crash-run.ts'
import { sample } from '../test/crash-sample.ts'

/** So many deaths a path show the mistake; more only take time. */
const TRIES = 24

test.each(PATHS)('$name: a build that sends before it stores is found out', async (path) => {
  const { points, violations } = await run(path, { hasty: true })
  // Without a death nothing is lost: only ticks of others may have come too early.
  expect(violations.filter((violation) => !violation.includes('was told'))).toEqual([])
  const found: string[] = []
  for (const end of sample(points, `planted ${path.name}`, TRIES)) {
    found.push(...(await run(path, { ends: [end], hasty: true })).violations)
    if (found.length > 0) break
  }
  expect(found).not.toEqual([])
})
