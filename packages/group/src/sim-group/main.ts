import { parseArgs } from 'node:util'
import { runGroup } from './groups.ts'

const USAGE = `sim:group --seeds A-B [--honest] [--symbolic] [--json]

Plays worlds of sim:rules once more with the group engine: every state that a device held there it holds here, every commit and message is made,
sealed and opened, devices start again from what they stored, and outsiders try what they hold.
  --seeds A-B   which worlds
  --honest      no malicious devices
  --symbolic    the group without cryptography
  --json        one line of JSON
Exit status: 0 nothing failed, 1 something failed, 2 wrong usage.
`

interface Options {
  readonly from: number
  readonly to: number
  readonly hasEvil: boolean
  readonly isSymbolic: boolean
  readonly isJson: boolean
}

async function main(args: string[]): Promise<number> {
  const options = parse(args)
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n${USAGE}`)
    return 2
  }
  const began = performance.now()
  const counts: Record<string, number> = {}
  const failures: { seed: number; text: string; of: number }[] = []
  for (let seed = options.from; seed <= options.to; seed++) {
    const run = await runGroup(seed, options)
    for (const [what, count] of Object.entries(run.counts)) counts[what] = (counts[what] ?? 0) + count
    const [text] = run.failures
    if (text !== undefined) failures.push({ seed, text, of: run.failures.length })
  }
  const seconds = Math.round((performance.now() - began) / 1000)
  const report = {
    seeds: options.to - options.from + 1,
    failed: failures.length,
    failures: failures.slice(0, 20),
    counts,
    seconds,
  }
  process.stdout.write(`${JSON.stringify(report, undefined, options.isJson ? undefined : 1)}\n`)
  return failures.length === 0 ? 0 : 1
}

function parse(args: string[]): Options | string {
  try {
    const options = {
      seeds: { type: 'string' },
      honest: { type: 'boolean' },
      symbolic: { type: 'boolean' },
      json: { type: 'boolean' },
    } as const
    const { values } = parseArgs({ args, options })
    const match = /^(\d+)-(\d+)$/.exec(values.seeds ?? '')
    if (match === null) return 'Give the seeds as A-B.'
    return {
      from: Number(match[1]),
      to: Number(match[2]),
      hasEvil: values.honest !== true,
      isSymbolic: values.symbolic ?? false,
      isJson: values.json ?? false,
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

process.exitCode = await main(process.argv.slice(2))
