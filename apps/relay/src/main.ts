#!/usr/bin/env node
import { parseArguments } from './arguments.ts'

const command = parseArguments(process.argv.slice(2))
if (command === undefined) process.exitCode ??= 2
else {
  // Only now, so that a wrong flag is answered at once.
  const { run } = await import('./run.ts')
  await run(command)
}
