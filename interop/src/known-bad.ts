import { compare, type Run } from './compare.ts'
import type { FailureKind } from './failure.ts'
import type { EngineName } from './names.ts'
import type { Options } from './options.ts'
import { runOwnSuite } from './own-suite.ts'

/** An engine with a defect that must be seen: live, by this kind of failure; by the tests of `packages/group`, in the one that begins so. */
interface KnownBad {
  readonly engine: EngineName
  readonly because: string
  readonly kind: FailureKind
  readonly test: string
}

const KNOWN_BAD: readonly KnownBad[] = [
  { engine: '1.6.2', because: 'a removed member keeps the keys', kind: 'follows', test: 'V1' },
  { engine: 'unpatched', because: 'it cannot join ordinary groups', kind: 'cannot-join', test: 'V2' },
]

/** One engine before one judge. That it fails for another reason proves nothing. */
export interface Caught {
  readonly engine: EngineName
  readonly by: 'OpenMLS' | 'the tests of packages/group'
  readonly caught: boolean
  readonly how: string
}

export async function tryKnownBad(
  options: Options,
  say: (line: string) => void,
): Promise<{ caught: Caught[]; runs: Run[] }> {
  const caught: Caught[] = []
  const runs: Run[] = []
  const tell = (one: Caught, because: string) => {
    caught.push(one)
    say(`${one.caught ? 'ok  ' : 'FAIL'} engine ${one.engine} (${because}) before ${one.by}: ${one.how}`)
  }
  for (const bad of KNOWN_BAD) {
    const these = await compare(bad.engine, options, () => {})
    runs.push(...these)
    tell(live(bad, these), bad.because)
    tell(await ownTests(bad), bad.because)
  }
  // Or what fails above might fail with any engine.
  tell(await ownTestsPass(), 'the control')
  return { caught, runs }
}

function live({ engine, kind }: KnownBad, runs: readonly Run[]): Caught {
  const failed = runs.filter(({ failure }) => failure !== undefined)
  const run = failed.find(({ failure }) => failure?.kind === kind)
  const counts = `${failed.length} of ${runs.length} groups failed`
  const how =
    run === undefined ? `${counts}, none so` : `${counts}; ${run.name}, suite ${run.suite}: ${run.failure?.why}`
  return { engine, by: 'OpenMLS', caught: run !== undefined, how }
}

async function ownTests({ engine, test }: KnownBad): Promise<Caught> {
  const tests = await runOwnSuite(engine)
  const failed = tests.filter(({ passed }) => !passed)
  const which = failed.find(({ title }) => title.startsWith(`${test}:`))
  const counts = `${failed.length} of ${tests.length} tests failed`
  const how = which === undefined ? `${counts}, not ${test}` : `${counts}; ${which.title}: ${which.why}`
  return { engine, by: 'the tests of packages/group', caught: which !== undefined, how }
}

async function ownTestsPass(): Promise<Caught> {
  const tests = await runOwnSuite('product')
  const passed = tests.filter((test) => test.passed).length
  const caught = tests.length > 0 && passed === tests.length
  return { engine: 'product', by: 'the tests of packages/group', caught, how: `${passed} of ${tests.length} passed` }
}
