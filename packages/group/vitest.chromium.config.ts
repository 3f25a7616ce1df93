// @boundaries-ignore how tests run is no part of a room
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
// @boundaries-ignore the same
import { CHROMIUM_FLAGS, chromiumPath } from '../testkit/src/chromium.ts'

/** Beside the repository, as `src/vectors/vectors.test.ts` has them. These ask for every part of the suites and take little time. */
const VECTORS = fileURLToPath(new URL('../../../shared/vectors/mls/', import.meta.url))
const FILES = [
  'crypto-basics.json',
  'deserialization.json',
  'key-schedule.json',
  'message-protection.json',
  'psk_secret.json',
  'secret-tree.json',
  'transcript-hashes.json',
  'tree-math.json',
  'tree-operations.json',
  'welcome.json',
]

async function officialVectors(): Promise<Record<string, unknown[]>> {
  if (!existsSync(VECTORS)) return {}
  const files = FILES.filter((file) => existsSync(VECTORS + file))
  const read = async (file: string) => [file, JSON.parse(await readFile(VECTORS + file, 'utf8')) as unknown[]] as const
  return Object.fromEntries(await Promise.all(files.map(read)))
}

/** What leans on the browser's WebCrypto most. */
const SAMPLE = ['src/{envelope,group,message,pair}.test.ts', 'src/provider/*.test.ts']
/** All but those that read files of `spec`: by `SOTTO_IN_CHROMIUM=all`. */
const ALL = [
  'src/*.test.ts',
  'src/{provider,symbolic,testing}/*.test.ts',
  'src/rules/{bounds,clauses,insider-fuzz,order,recover,rules}.test.ts',
]

/** The engine's tests again in a real browser, with its WebCrypto: pages are where most people's engine runs. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  // All that is needed is ES modules. What Vite finds out on the way it bundles anew, and reloads the page in the midst of a test.
  optimizeDeps: { noDiscovery: true, include: ['fast-check'] },
  test: {
    include: [...(process.env['SOTTO_IN_CHROMIUM'] === 'all' ? ALL : SAMPLE), 'src/vectors/vectors.in-chromium.ts'],
    provide: { vectors: await officialVectors() },
    // One page for all files: none of them leaves anything behind.
    isolate: false,
    fileParallelism: false,
    // Vitest starts no projects of different numbers of workers at once: this one comes after all others.
    sequence: { groupOrder: 1 },
    testTimeout: 180_000,
    hookTimeout: 120_000,
    browser: {
      enabled: true,
      headless: true,
      ui: false,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: { executablePath: chromiumPath(), args: [...CHROMIUM_FLAGS], chromiumSandbox: false },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
})
