import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import type { TestProjectConfiguration } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

/** From the root this runs the tests of every room, and inside a room (vitest looks upwards for its config) those of that room. */
export default defineConfig({
  // Rooms are tested as they are written: `source` leads to src, so nothing has to be built first.
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['src/**/*.test.ts'],
    globalSetup: [join(root, 'scripts/vitest/wire-types.ts')],
    pool: 'forks',
    maxWorkers: 2,
    // Generous, since machines are busy; finite, since a hang is a failure.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    ...(join(process.cwd(), '/') === root ? { projects: projects() } : {}),
  },
})

function projects(): TestProjectConfiguration[] {
  const rooms = ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  )
  return [
    ...rooms.filter((room) => existsSync(join(root, room, 'package.json'))).map(project),
    { extends: true, root: join(root, 'scripts'), test: { name: 'scripts', include: ['**/*.test.mjs'] } },
  ]
}

/** A room with needs of its own says them in a vitest.config.ts of its own, instead of this one. */
function project(room: string): TestProjectConfiguration {
  const own = join(root, room, 'vitest.config.ts')
  return { extends: existsSync(own) ? own : true, root: join(root, room), test: { name: room } }
}
