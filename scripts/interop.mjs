// The group engine live against other implementations, from a workspace of its own that is installed when this is run.
import { parseArgs } from 'node:util'
import { PrepareError } from './bootstrap/pnpm.mjs'
import { prepareInterop } from './interop/prepare.mjs'

const USAGE = `interop --install

  --install     installs the other implementations and prints their folder
Exit status: 0 done, 1 failed, 2 wrong usage or not available.
`

process.exitCode = await main(process.argv.slice(2))

/** @param {string[]} args */
async function main(args) {
  const wrong = wrongUsage(args)
  if (wrong !== undefined) {
    process.stderr.write(`${wrong}\n${USAGE}`)
    return 2
  }
  try {
    process.stdout.write(`${await prepareInterop()}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof PrepareError)) throw error
    process.stderr.write(`${error.message}\n`)
    return error.status
  }
}

/** @param {string[]} args */
function wrongUsage(args) {
  try {
    const { values } = parseArgs({ args, options: { install: { type: 'boolean' } } })
    return values.install ? undefined : 'The comparison itself is not available yet.'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
