import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ENGINES, type EngineName } from './names.ts'

/** The tests that look at the library alone: others need what the patch adds, and would fail without it for that reason. */
const TESTS = 'src/library-patch.test.ts'

export interface OwnTest {
  readonly title: string
  readonly passed: boolean
  readonly why?: string
}

interface VitestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { title: string; status: string; failureMessages?: readonly string[] }[]
  }[]
}

/** Runs the tests of `packages/group` that are about the library, with another engine in its place. */
export async function runOwnSuite(engine: EngineName): Promise<OwnTest[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-own-suite-'))
  try {
    const output = join(folder, 'report.json')
    const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
    const config = ['--config', at('interop/group.vitest.config.ts')]
    const args = [
      at('node_modules/vitest/vitest.mjs'),
      'run',
      ...config,
      TESTS,
      '--reporter=json',
      `--outputFile=${output}`,
    ]
    const env = { ...process.env, SOTTO_ENGINE: ENGINES[engine] }
    const child = spawn(process.execPath, args, {
      env,
      cwd: at('packages/group'),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await once(child, 'close') // its status says no more than the report
    return testsOf(await readFile(output, 'utf8'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function testsOf(json: string): OwnTest[] {
  const report = JSON.parse(json) as VitestReport // our own runner's
  return report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ title, status, failureMessages = [] }) => {
      const [why = 'no reason given'] = failureMessages[0]?.split('\n') ?? []
      return status === 'passed' ? { title, passed: true } : { title, passed: false, why }
    }),
  )
}
