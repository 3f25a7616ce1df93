import { resolve } from 'node:path'

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'

/** What `relay` was asked for. Paths are absolute. */
export interface RelayOptions {
  readonly port: number
  readonly data: string
  readonly json: boolean
  readonly host: string
  readonly web?: string
  readonly webPort: number
  readonly tcpPort?: number
  readonly healthPort: number
  readonly announce: readonly string[]
  readonly maxConnections: number
  readonly maxPerAddress?: number
  readonly maxBytes: number
  readonly maxBytesPerAddress?: number
}

/** What `start` was asked for. Paths are absolute. */
export interface StartOptions {
  readonly port: number
  readonly relayPort: number
  readonly data: string
  readonly json: boolean
}

export type Invocation =
  | { readonly name: 'relay'; readonly options: RelayOptions }
  | { readonly name: 'start'; readonly options: StartOptions }

const WEB_PORT = 4780
const RELAY_PORT = 4781
const GIB = 1024 ** 3

/** Reads a command line. Says what is wrong on standard error, sets the exit status and answers `undefined`. */
export function parseArguments(words: readonly string[]): Invocation | undefined {
  let found: Invocation | undefined
  const program = new Command('sotto-relay')
    .description('A relay of Sotto, and the page that belongs to it.')
    .exitOverride()
    .showSuggestionAfterError(false)
  addStart(program, (options) => (found = { name: 'start', options }))
  addRelay(program, (options) => (found = { name: 'relay', options }))
  try {
    program.parse(words, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = error.exitCode === 0 ? 0 : 2
    return undefined
  }
  return found
}

function addStart(program: Command, found: (options: StartOptions) => void): void {
  program
    .command('start')
    .description('run a local relay and the page on 127.0.0.1')
    .option('--port <n>', 'port of the page', port, WEB_PORT)
    .option('--relay-port <n>', 'port of the relay', port, RELAY_PORT)
    .addOption(dataOption())
    .addOption(jsonOption())
    .allowExcessArguments(false)
    .action(found)
}

function addRelay(program: Command, found: (options: RelayOptions) => void): void {
  program
    .command('relay')
    .description('run a relay')
    .option('--port <n>', 'port for WebSocket, 0 for any that is free', port, RELAY_PORT)
    .addOption(dataOption())
    .addOption(jsonOption())
    .option('--host <address>', 'IP address to listen on', '127.0.0.1')
    .option('--web <dir>', 'also serve the page in this folder', folder)
    .option('--web-port <n>', 'port of that page', port)
    .option('--tcp-port <n>', 'also listen for plain TCP', port)
    .option('--health-port <n>', 'port of /healthz, /readyz and /metrics on 127.0.0.1', port, 0)
    .option('--announce <multiaddr...>', 'addresses under which others reach this relay', [])
    .option('--max-connections <n>', 'connections in all', count, 1_000)
    .option('--max-per-address <n>', 'connections from one address (200 on loopback, else 16)', count)
    .option('--max-bytes <n>', 'bytes that mailboxes and blobs may take on disk', count, 4 * GIB)
    .option(
      '--max-bytes-per-address <n>',
      'bytes that one address may add in a day (all on loopback, else 256 MiB)',
      count,
    )
    .allowExcessArguments(false)
    .action((options: Omit<RelayOptions, 'webPort'> & { webPort?: number }) =>
      found({ ...options, webPort: options.webPort ?? (options.port === 0 ? 0 : WEB_PORT) }),
    )
}

function dataOption(): Option {
  return new Option('--data <dir>', 'data folder; the same folder and port keep the same address')
    .argParser(folder)
    .default(folder('.data'), '.data')
}

function jsonOption(): Option {
  return new Option('--json', 'print one JSON line when ready, and nothing else').default(false)
}

/** Relative to where the person is, which npm tells in `INIT_CWD`. */
function folder(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path)
}

function port(text: string): number {
  return whole(text, 0, 65_535)
}

function count(text: string): number {
  return whole(text, 1, Number.MAX_SAFE_INTEGER)
}

function whole(text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
}
