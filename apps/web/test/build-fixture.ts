import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Builds the page over the fixture client once: bundled and minified as it ships, under the real policy, but with React's
 * own checks, since vitest runs with NODE_ENV=test; a warning of theirs fails the tests.
 */
export default async function setup(): Promise<void> {
  await build({ root, mode: 'fixture', configFile: `${root}vite.config.ts`, logLevel: 'warn' })
}
