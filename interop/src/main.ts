import { readFile } from 'node:fs/promises'
import { compare, type Run } from './compare.ts'
import { tryKnownBad, type Caught } from './known-bad.ts'
import type { Options } from './options.ts'

/** Answers the exit status. The other implementations are installed by then, and `packages/group` is built. */
export async function main(options: Options): Promise<number> {
  const began = performance.now()
  // With --json, standard output is one line.
  const say = (line: string) => (options.json ? process.stderr : process.stdout).write(`${line}\n`)
  const { verdict, runs } = options.knownBad ? await knownBad(options, say) : await all(options, say)
  const sentence = `${verdict.passed} passed, ${verdict.failed} failed, ${verdict.skipped} skipped`
  const { seeds, steps, suites, engine } = options
  const asked = { seeds: `${seeds.from}-${seeds.to}`, steps, suites, engine: options.knownBad ? 'known-bad' : engine }
  const seconds = Math.round((performance.now() - began) / 1000)
  const report = { ...asked, openmls: await openMlsVersion(), ...verdict, ...sums(runs), seconds }
  say(sentence)
  process.stdout.write(`${JSON.stringify(options.json ? { ...report, runs } : report)}\n`)
  return verdict.failed === 0 ? 0 : 1
}

interface Outcome {
  readonly verdict: {
    readonly passed: number
    readonly failed: number
    readonly skipped: number
    readonly caught?: readonly Caught[]
  }
  readonly runs: readonly Run[]
}
type Say = (line: string) => void

async function all(options: Options, say: Say): Promise<Outcome> {
  const runs = await compare(options.engine, options, (run) => say(lineOf(run)))
  const failed = runs.filter(({ failure }) => failure !== undefined).length
  return { verdict: { passed: runs.length - failed, failed, skipped: 0 }, runs }
}

async function knownBad(options: Options, say: Say): Promise<Outcome> {
  const { caught, runs } = await tryKnownBad(options, say)
  const passed = caught.filter((one) => one.caught).length
  return { verdict: { passed, failed: caught.length - passed, skipped: 0, caught }, runs }
}

function lineOf({ name, engine, suite, founder, seconds, most, failure, operations }: Run): string {
  const head = `${failure === undefined ? 'ok  ' : 'FAIL'} ${engine}, suite ${suite}, ${name}, founded by ${founder}`
  if (failure !== undefined) {
    return `${head}: step ${failure.step} (${JSON.stringify(failure.operation)}), ${failure.kind}: ${failure.why}`
  }
  const count = Object.values(operations).reduce((sum, one) => sum + one, 0)
  return `${head}: ${count} operations, up to ${most.ours} of ours and ${most.theirs} of theirs, ${seconds} s`
}

/** What all runs did together. */
function sums(runs: readonly Run[]): { operations: Record<string, number> } {
  const operations: Record<string, number> = {}
  for (const run of runs)
    for (const [what, count] of Object.entries(run.operations)) operations[what] = (operations[what] ?? 0) + count
  return { operations }
}

async function openMlsVersion(): Promise<string> {
  const manifest = new URL('../node_modules/@wireapp/core-crypto/package.json', import.meta.url)
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string }
  return `core-crypto ${version}`
}
