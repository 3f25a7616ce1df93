// The group engine live against other implementations, from a workspace of its own that is installed when this is run.
import { optionsOf, USAGE } from '../interop/src/options.ts'
import { PrepareError } from './bootstrap/pnpm.mjs'
import { prepareInterop } from './interop/prepare.mjs'

process.exitCode = await main(process.argv.slice(2))

/** @param {string[]} args */
async function main(args) {
  const options = optionsOf(args)
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n${USAGE}`)
    return 2
  }
  if (options.help) {
    process.stdout.write(USAGE)
    return 0
  }
  try {
    const folder = await prepareInterop()
    if (options.install) {
      process.stdout.write(`${folder}\n`)
      return 0
    }
  } catch (error) {
    if (!(error instanceof PrepareError)) throw error
    process.stderr.write(`${error.message}\n`)
    return error.status
  }
  // Not before: it names packages that are installed by now.
  const comparison = await import(new URL('../interop/src/main.ts', import.meta.url).href)
  return comparison.main(options)
}
