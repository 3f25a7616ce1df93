import { parseArgs } from 'node:util'
import { isMainThread } from 'node:worker_threads'
import { COMMON, orMessage, workOf } from '../sim-rules/options.ts'
import { inPieces, serve, type Work } from '../sim-rules/pieces.ts'
import type { GroupSettings } from './groups.ts'
import { merged, NOTHING, runGroups, type GroupReport } from './report.ts'

const USAGE = `sim:group --seeds A-B [--honest] [--symbolic] [--jobs N] [--minutes N] [--json]

Plays worlds of sim:rules once more with the group engine: every state that a device held there it holds here, every commit and message is made,
sealed and opened, devices start again from what they stored, and outsiders try what they hold.
  --seeds A-B   which worlds
  --honest      no malicious devices
  --symbolic    the group without cryptography
  --jobs N      on so many threads, to the same end
  --minutes N   begins no world after so long, and reports on those that were played
  --json        one line of JSON
Exit status: 0 nothing failed, 1 something failed, 2 wrong usage.
`

interface Options extends GroupSettings {
  readonly work: Work
  readonly isJson: boolean
}

async function main(args: string[]): Promise<number> {
  const options = parse(args)
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n${USAGE}`)
    return 2
  }
  const { work, hasEvil, isSymbolic, isJson } = options
  const began = performance.now()
  let all: GroupReport = NOTHING
  const settings: GroupSettings = { hasEvil, isSymbolic }
  const played = await inPieces<GroupSettings, GroupReport>(import.meta.url, settings, work, (result) => {
    all = merged(all, result)
    for (const { seed, text } of result.failures) process.stderr.write(`world ${seed}: ${text}\n`)
  })
  const report = { ...played, ...all, seconds: Math.round((performance.now() - began) / 1000) }
  process.stdout.write(`${JSON.stringify(report, undefined, isJson ? undefined : 1)}\n`)
  return all.failed === 0 ? 0 : 1
}

function parse(args: string[]): Options | string {
  return orMessage(() => {
    const { values } = parseArgs({ args, options: { ...COMMON, symbolic: { type: 'boolean' } } })
    const work = workOf(values, 1)
    if (typeof work === 'string') return work
    const isSymbolic = values.symbolic ?? false
    return { work, hasEvil: values.honest !== true, isSymbolic, isJson: values.json ?? false }
  })
}

if (isMainThread) process.exitCode = await main(process.argv.slice(2))
else serve((settings: GroupSettings, piece) => runGroups(settings, piece))
