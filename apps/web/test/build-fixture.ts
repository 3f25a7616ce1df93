import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds the page over the fixture client once, as it would be shipped: the tests see minified code under the real policy. */
export default async function setup(): Promise<void> {
  await build({ root, mode: 'fixture', configFile: `${root}vite.config.ts`, logLevel: 'warn' })
}
