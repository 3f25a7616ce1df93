import { parseArgs } from 'node:util'
import { isMainThread } from 'node:worker_threads'
import { COMMON, orMessage, workOf } from '../sim-rules/options.ts'
import { inPieces, serve, type Work } from '../sim-rules/pieces.ts'
import type { GroupSettings } from './groups.ts'
import { playPlanted, searchFor } from './planted.ts'
import { PLANTED, type Planted } from './plants.ts'
import { merged, NOTHING, runGroups, type GroupReport } from './report.ts'

const USAGE = `sim:group --seeds A-B [--honest] [--small] [--symbolic] [--plant NAME] [--jobs N] [--minutes N] [--until-failed] [--json]
       sim:group --planted [NAME] [--symbolic]
       sim:group --plant list

Plays worlds of 4 to 12 accounts with 8 to 24 devices, a third of them malicious at most, by the rules and once more with the group engine: every state
that a device held there it holds here, every commit and message is made, sealed and opened, devices start again from what they stored, malicious ones
send damaged bytes, old keys and two messages under one key, and outsiders try what they hold.
  --seeds A-B     which worlds
  --honest        no malicious devices
  --small         of a few devices, half of them malicious in some
  --symbolic      the group without cryptography
  --plant NAME    with a mistake, which must end with exit status 1; "list" names them
  --planted       every mistake, or the one that is named: which world noticed it, with cryptography too, and what it said
  --jobs N        on so many threads, to the same end
  --minutes N     begins no world after so long, and reports on those that were played
  --until-failed  begins no world after one that failed
  --json          one line of JSON
Exit status: 0 nothing failed (with --planted: everything was noticed), 1 otherwise, 2 wrong usage.
`
const FLAG = { type: 'boolean' } as const
const OWN = { symbolic: FLAG, small: FLAG, 'until-failed': FLAG, planted: FLAG, plant: { type: 'string' } } as const

interface Options {
  readonly work: Work
  readonly settings: GroupSettings
  readonly isJson: boolean
  readonly plant: string | undefined
  /** Mistakes that are all to be noticed. */
  readonly planted: readonly Planted[] | undefined
}

async function main(args: string[]): Promise<number> {
  if (args.join() === '--help') {
    process.stdout.write(USAGE)
    return 0
  }
  const options = parse(args)
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n${USAGE}`)
    return 2
  }
  if (options.plant === 'list') {
    for (const { name, says } of PLANTED) print({ plant: name, says }, true)
    return 0
  }
  if (options.planted !== undefined) return playAllPlanted(options, options.planted)
  const began = performance.now()
  const report = await played(options)
  print({ ...report, seconds: Math.round((performance.now() - began) / 1000) }, options.isJson)
  return report.failed === 0 ? 0 : 1
}

async function played({ work, settings, plant }: Options): Promise<GroupReport> {
  const mistake = PLANTED.find(({ name }) => name === plant)
  if (mistake !== undefined) return playPlanted(import.meta.url, mistake, { settings, span: work })
  let all: GroupReport = NOTHING
  const span = await inPieces<GroupSettings, GroupReport>(import.meta.url, settings, work, (result) => {
    all = merged(all, result)
    for (const { seed, text } of result.failures) process.stderr.write(`world ${seed}: ${text}\n`)
    return result.failed > 0
  })
  return { ...span, ...all }
}

/** Says of every mistake what noticed it. */
async function playAllPlanted({ settings }: Options, planted: readonly Planted[]): Promise<number> {
  let isNoticed = true
  for (const mistake of planted) {
    const notice = await searchFor(import.meta.url, mistake, settings.isSymbolic)
    if (notice === undefined) isNoticed = false
    const world = notice && `${notice.isSmall ? 'small world' : 'world'} ${notice.seed}`
    process.stdout.write(
      `${mistake.name} (${mistake.says}): ${world === undefined ? 'SURVIVED' : `${world}, ${notice?.text}`}\n`,
    )
  }
  return isNoticed ? 0 : 1
}

function print(value: object, isJson: boolean): void {
  process.stdout.write(`${JSON.stringify(value, undefined, isJson ? undefined : 1)}\n`)
}

function parse(args: string[]): Options | string {
  return orMessage(() => {
    const { values, positionals } = parseArgs({ args, options: { ...COMMON, ...OWN }, allowPositionals: true })
    const { honest = false, symbolic = false, small = false, planted: isPlanted = false, plant, json = false } = values
    const [named] = positionals
    const work = workOf({ ...values, seeds: values.seeds ?? (isPlanted || plant === 'list' ? '1-1' : '') }, 1)
    if (typeof work === 'string') return work
    if (positionals.length > (isPlanted ? 1 : 0)) return `Unknown argument '${positionals.at(-1)}'`
    const name = named ?? (plant === 'list' ? undefined : plant)
    if (name !== undefined && !PLANTED.some((one) => one.name === name)) return `There is no plant ${name}.`
    return {
      work: { ...work, isUntilFailed: values['until-failed'] ?? false },
      settings: { hasEvil: !honest, isSymbolic: symbolic, isSmall: small },
      isJson: json,
      plant,
      planted: isPlanted ? PLANTED.filter((one) => named === undefined || one.name === named) : undefined,
    }
  })
}

if (isMainThread) process.exitCode = await main(process.argv.slice(2))
else serve((settings: GroupSettings, piece) => runGroups(settings, piece))
