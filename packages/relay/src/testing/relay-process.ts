import { createRelay } from '../relay.ts'
import { lineLogger } from '../logger.ts'

// A relay in a process of its own, for tests that kill it: `relay-process.ts DIRECTORY PORT`.
const [directory = '', port = '0'] = process.argv.slice(2)
const relay = await createRelay({
  directory,
  port: Number(port),
  logger: lineLogger((line) => process.stderr.write(line)),
})
process.stdout.write(`${JSON.stringify({ addresses: relay.addresses, health: relay.health })}\n`)

// Whoever started it has gone, also when he was killed.
process.stdin.resume().on('end', () => process.exit(1))
