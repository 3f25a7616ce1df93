import { parseArgs } from 'node:util'
import { bite } from './bite.ts'
import { runPlanted } from './plant.ts'
import { HONEST_PLANTS, type Plants } from './plants.ts'
import { RULE_PLANTS, type RulePlant } from './rule-plants.ts'
import { runSeed, runSeeds } from './seeds.ts'
import { traceOf } from './trace.ts'
import { worldVectors } from './vectors.ts'

const USAGE = `sim:rules --seeds A-B [--honest] [--plant NAME] [--json | --trace]
       sim:rules --bite | --vectors

Plays worlds of honest and malicious devices over the group rules, without cryptography, and looks at how they end.
  --seeds A-B   which worlds
  --honest      partitions, losses and months away only
  --plant NAME  honest devices make a mistake: ${HONEST_PLANTS.join(', ')};
                or the rules have one: ${RULE_PLANTS.map(({ name }) => name).join(', ')}
  --json        one line of JSON
  --trace       tells the first of the worlds thing by thing
  --bite        makes every one of these mistakes and says what noticed it
  --vectors     prints spec/vectors/rules-worlds.json anew
Exit status: 0 nothing failed, 1 something failed, 2 wrong usage.
`

async function main(args: string[]): Promise<number> {
  if (args.join() === '--bite') return (await bite((line) => process.stdout.write(`${line}\n`))) ? 0 : 1
  if (args.join() === '--vectors') {
    process.stdout.write(worldVectors())
    return 0
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
    const world = runSeed(parsed.from, parsed)
    process.stdout.write(`${traceOf(world)}\n`)
    return world.failures.length === 0 ? 0 : 1
  }
  const report = runSeeds(parsed)
  process.stdout.write(`${JSON.stringify(report, undefined, parsed.isJson ? undefined : 1)}\n`)
  return report.failed === 0 ? 0 : 1
}

interface Options {
  readonly from: number
  readonly to: number
  readonly hasEvil: boolean
  readonly plants: Plants
  readonly rulePlant: RulePlant | undefined
  readonly isJson: boolean
  readonly isTrace: boolean
}

function parse(args: string[]): Options | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        seeds: { type: 'string' },
        honest: { type: 'boolean' },
        plant: { type: 'string' },
        json: { type: 'boolean' },
        trace: { type: 'boolean' },
      },
    })
    const match = /^(\d+)-(\d+)$/.exec(values.seeds ?? '')
    const plant = HONEST_PLANTS.find((name) => name === values.plant)
    if (match === null) return 'Give the seeds as A-B.'
    const rulePlant = RULE_PLANTS.find(({ name }) => name === values.plant)
    if (values.plant !== undefined && plant === undefined && rulePlant === undefined)
      return `There is no plant ${values.plant}.`
    const plants = plant === undefined ? {} : { [plant]: true }
    const [from, to] = [Number(match[1]), Number(match[2])]
    return {
      from,
      to,
      hasEvil: values.honest !== true,
      plants,
      rulePlant,
      isJson: values.json ?? false,
      isTrace: values.trace ?? false,
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

process.exitCode = await main(process.argv.slice(2))
