#!/usr/bin/env node
import { runCommand } from './program.ts'

process.exitCode = await runCommand(process.argv.slice(2))
// What libp2p may still hold open is not worth waiting for: the store is closed.
process.exit()
