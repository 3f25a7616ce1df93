#!/usr/bin/env node
import { parseArguments } from './arguments.ts'
import { run } from './run.ts'

const command = parseArguments(process.argv.slice(2))
if (command === undefined) process.exitCode ??= 2
else await run(command)
