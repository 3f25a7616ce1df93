import { parseArgs } from 'node:util'
import { resolve } from 'node:path'
import { runFile, vectorFiles } from './run.ts'

const USAGE = `vectors DIR [--json]

Runs every official MLS test vector file (mlswg format) in DIR through the engine.
Exit status: 0 all passed, 1 something failed, 2 wrong usage.
`

/** Answers the exit status. */
async function main(args: string[]): Promise<number> {
  const parsed = parse(args)
  if (typeof parsed === 'string') return wrongUsage(parsed)
  if (parsed.help) {
    process.stdout.write(USAGE)
    return 0
  }
  const directory = resolve(process.env['INIT_CWD'] ?? process.cwd(), parsed.directory)
  const files = await vectorFiles(directory).catch(() => undefined)
  if (files === undefined) return wrongUsage(`The folder ${directory} cannot be read.`)
  if (files.known.length === 0) return wrongUsage(`There is no MLS vector file in ${directory}.`)
  for (const file of files.unknown) process.stderr.write(`${file}: not one of the sixteen kinds, not run\n`)
  let failed = 0
  for (const file of files.known) {
    const { passed, total, failures } = await runFile(directory, file)
    failed += total - passed
    for (const failure of failures) process.stderr.write(`${failure}\n`)
    const line = parsed.json ? JSON.stringify({ file, passed, total }) : `${file}: ${passed} of ${total} passed`
    process.stdout.write(`${line}\n`)
  }
  return failed === 0 ? 0 : 1
}

function parse(args: string[]): { directory: string; json: boolean; help: boolean } | string {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    const help = values.help ?? false
    const [directory = '', ...rest] = positionals
    if (!help && (directory === '' || rest.length > 0)) return 'Give exactly one folder.'
    return { directory, json: values.json ?? false, help }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function wrongUsage(why: string): number {
  process.stderr.write(`${why}\n${USAGE}`)
  return 2
}

process.exitCode = await main(process.argv.slice(2))
