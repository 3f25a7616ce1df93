import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import type { TestProjectConfiguration } from 'vitest/config'
import room from './vitest.room.ts'

const root = fileURLToPath(new URL('.', import.meta.url))

const everything = defineConfig({
  test: {
    pool: 'forks',
    // Half of the time is spent waiting: three at once are no burden on two cores.
    maxWorkers: 3,
    teardownTimeout: 30_000,
    projects: [...rooms().map(project), groupInChromium(), ...['packages/net', 'packages/relay'].map(alone), scripts()],
  },
})

/** The tests of every room, and those of the scripts. Whoever names this file from inside a room means that room. */
export default join(process.cwd(), '/') === root ? everything : room

function rooms(): string[] {
  return globSync('{packages,apps}/*/package.json', { cwd: root }).map(dirname).toSorted()
}

/** A room without a vitest.config.ts would be tested by other rules in its own folder: that one is missing must be noticed here. */
function project(room: string): TestProjectConfiguration {
  return { extends: join(root, room, 'vitest.config.ts'), root: join(root, room), test: { name: room } }
}

/** The engine's tests once more, in pages. */
function groupInChromium(): TestProjectConfiguration {
  const room = join(root, 'packages/group')
  return { extends: join(room, 'vitest.chromium.config.ts'), root: room, test: { name: 'packages/group-in-chromium' } }
}

/** The tests of a room that measure their own process. */
function alone(room: string): TestProjectConfiguration {
  return {
    extends: join(root, room, 'vitest.alone.config.ts'),
    root: join(root, room),
    test: { name: `${room}-alone` },
  }
}

function scripts(): TestProjectConfiguration {
  return {
    extends: join(root, 'vitest.room.ts'),
    root: join(root, 'scripts'),
    test: { name: 'scripts', include: ['**/*.test.mjs'] },
  }
}
