import { parseArgs } from 'node:util'
import { isMainThread } from 'node:worker_threads'
import { bite } from './bite.ts'
import { COMMON, orMessage, workOf } from './options.ts'
import { inPieces, serve, type Work } from './pieces.ts'
import { runPlanted } from './plant.ts'
import { differing } from './read.ts'
import { HONEST_PLANTS, type Plants } from './plants.ts'
import { RULE_PLANTS, type RulePlant } from './rule-plants.ts'
import type { Settings } from './run.ts'
import { merged, NOTHING, runSeed, runSeeds, type Report } from './seeds.ts'
import { traceOf } from './trace.ts'
import { worldVectors } from './vectors.ts'

const USAGE = `sim:rules --seeds A-B [--honest] [--large] [--plant NAME] [--jobs N] [--minutes N] [--until-failed]
          [--json | --trace]
       sim:rules --bite | --vectors | --read FILE

Plays worlds of honest and malicious devices over the group rules, without cryptography, and looks at how they end.
  --seeds A-B   which worlds
  --large       of 8 to 24 devices, a third of them malicious at most
  --honest      partitions, losses and months away only
  --plant NAME  honest devices make a mistake: ${HONEST_PLANTS.join(', ')};
                or the rules have one: ${RULE_PLANTS.map(({ name }) => name).join(', ')}
  --jobs N      on so many threads, to the same end
  --minutes N   begins no world after so long, and reports on those that were played
  --until-failed  begins no more worlds once one has failed
  --json        one line of JSON
  --trace       tells the first of the worlds thing by thing
  --bite        makes every one of these mistakes and says what noticed it
  --read FILE   says which histories of a vector file mean something else than it says
  --vectors     prints spec/vectors/rules-worlds.json anew
Exit status: 0 nothing failed, 1 something failed, 2 wrong usage.
`

/** Worlds that a thread plays before it reports. */
const PIECE = 25

async function main(args: string[]): Promise<number> {
  if (args.join() === '--help') {
    process.stdout.write(USAGE)
    return 0
  }
  if (args.join() === '--bite') return (await bite((line) => process.stdout.write(`${line}\n`))) ? 0 : 1
  if (args.join() === '--vectors') {
    process.stdout.write(worldVectors())
    return 0
  }
  const [first, path] = args
  if (first === '--read' && path !== undefined) {
    const names = differing(path)
    process.stdout.write(names.map((name) => `${name}\n`).join(''))
    return names.length === 0 ? 0 : 1
  }
  const parsed = parse(args)
  if (typeof parsed === 'string') {
    process.stderr.write(`${parsed}\n${USAGE}`)
    return 2
  }
  if (parsed.rulePlant !== undefined) {
    const rest = args.filter((arg, i) => arg !== '--plant' && args[i - 1] !== '--plant' && !arg.startsWith('--plant='))
    const { output, status } = await runPlanted(parsed.rulePlant, rest)
    process.stdout.write(output)
    return status
  }
  if (parsed.isTrace) {
    const world = runSeed(parsed.work.from, parsed)
    process.stdout.write(`${traceOf(world)}\n`)
    return world.failures.length === 0 ? 0 : 1
  }
  return report(parsed)
}

async function report({ work, hasEvil, isLarge, plants, isJson }: Options): Promise<number> {
  const began = performance.now()
  let all: Report = NOTHING
  const settings: Settings = { hasEvil, isLarge, plants }
  const played = await inPieces<Settings, Report>(import.meta.url, settings, work, (result) => {
    all = merged(all, result)
    return result.failed > 0
  })
  const perSecond = Math.round((all.seeds / (performance.now() - began)) * 1000)
  process.stdout.write(`${JSON.stringify({ ...played, ...all, perSecond }, undefined, isJson ? undefined : 1)}\n`)
  return all.failed === 0 ? 0 : 1
}

interface Options {
  readonly work: Work
  readonly hasEvil: boolean
  readonly isLarge: boolean
  readonly plants: Plants
  readonly rulePlant: RulePlant | undefined
  readonly isJson: boolean
  readonly isTrace: boolean
}

function parse(args: string[]): Options | string {
  return orMessage(() => {
    const flag = { type: 'boolean' } as const
    const own = { plant: { type: 'string' }, large: flag, trace: flag, 'until-failed': flag } as const
    const { values } = parseArgs({ args, options: { ...COMMON, ...own } })
    const span = workOf(values, PIECE)
    if (typeof span === 'string') return span
    const work = { ...span, isUntilFailed: values['until-failed'] ?? false }
    const plant = HONEST_PLANTS.find((name) => name === values.plant)
    const rulePlant = RULE_PLANTS.find(({ name }) => name === values.plant)
    if (values.plant !== undefined && plant === undefined && rulePlant === undefined)
      return `There is no plant ${values.plant}.`
    return {
      work,
      hasEvil: values.honest !== true,
      isLarge: values.large ?? false,
      plants: plant === undefined ? {} : { [plant]: true },
      rulePlant,
      isJson: values.json ?? false,
      isTrace: values.trace ?? false,
    }
  })
}

if (isMainThread) process.exitCode = await main(process.argv.slice(2))
else serve((settings: Settings, piece) => runSeeds({ ...settings, ...piece }))
