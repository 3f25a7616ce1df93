import { parseArgs } from 'node:util'
import { isMainThread } from 'node:worker_threads'
import { COMMON, orMessage, workOf } from '../sim-rules/options.ts'
import { inPieces, serve, type Work } from '../sim-rules/pieces.ts'
import type { GroupSettings } from './groups.ts'
import { merged, NOTHING, runGroups, type GroupReport } from './report.ts'

const USAGE = `sim:group --seeds A-B [--honest] [--small] [--symbolic] [--jobs N] [--minutes N] [--json]

Plays worlds of 4 to 12 accounts with 8 to 24 devices, a third of them malicious at most, by the rules and once more with the group engine: every state
that a device held there it holds here, every commit and message is made, sealed and opened, devices start again from what they stored, malicious ones
send damaged bytes, old keys and two messages under one key, and outsiders try what they hold.
  --seeds A-B   which worlds
  --honest      no malicious devices
  --small       of a few devices, half of them malicious in some
  --symbolic    the group without cryptography
  --jobs N      on so many threads, to the same end
  --minutes N   begins no world after so long, and reports on those that were played
  --json        one line of JSON
Exit status: 0 nothing failed, 1 something failed, 2 wrong usage.
`

const OWN = { symbolic: { type: 'boolean' }, small: { type: 'boolean' } } as const

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
  const { work, isJson, ...settings } = options
  const began = performance.now()
  let all: GroupReport = NOTHING
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
    const { values } = parseArgs({ args, options: { ...COMMON, ...OWN } })
    const work = workOf(values, 1)
    if (typeof work === 'string') return work
    const { honest = false, symbolic: isSymbolic = false, small: isSmall = false, json: isJson = false } = values
    return { work, hasEvil: !honest, isSymbolic, isSmall, isJson }
  })
}

if (isMainThread) process.exitCode = await main(process.argv.slice(2))
else serve((settings: GroupSettings, piece) => runGroups(settings, piece))
