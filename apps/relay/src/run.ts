import { sep } from 'node:path'

import { createRelay, lineLogger, type RelayNode } from '@sotto/relay'
import { SottoError } from '@sotto/interface'

import type { Invocation, RelayOptions, StartOptions } from './arguments.ts'
import { announceReady } from './ready.ts'
import { firstSignal } from './signals.ts'
import { builtPage, startSite, type Site } from './site/site.ts'

interface Running {
  readonly relay: RelayNode
  readonly site?: Site
}

const logger = lineLogger((line) => process.stderr.write(line))

/** Runs a command until a signal ends it. Sets the exit status; failures are one sentence on standard error. */
export async function run(command: Invocation): Promise<void> {
  // A promise of libp2p that nobody waits for must not end a relay. Its message may name a peer, so it is not logged.
  process.on('unhandledRejection', (error) => {
    logger.warn('a rejection went unheard', { error: error instanceof Error ? error.name : typeof error })
  })
  const signal = firstSignal()
  try {
    const running = command.name === 'start' ? await startAll(command.options) : await startRelay(command.options)
    announceReady(
      { relay: running.relay.addresses, health: running.relay.health, web: running.site?.url },
      command.options.json,
    )
    await signal
    await Promise.all([running.site?.stop(), running.relay.stop()])
    // What libp2p may still hold open is not worth waiting for: the data folder is closed.
    process.exit(0)
  } catch (error) {
    if (!(error instanceof SottoError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

/** The main job: a relay and the built page, both on loopback. */
async function startAll({ port, relayPort, data }: StartOptions): Promise<Running> {
  const directory = builtPage()
  const relay = await createRelay({ directory: data, port: relayPort, logger })
  return withSite(relay, { directory, host: '127.0.0.1', port, onlyLoopback: true })
}

async function startRelay({ data, web, webPort, ...options }: RelayOptions): Promise<Running> {
  if (web !== undefined && `${data}${sep}`.startsWith(`${web}${sep}`)) {
    throw new SottoError('bad-option', `The data folder ${data} lies inside the page ${web}, which everybody may read.`)
  }
  const relay = await createRelay({ directory: data, logger, ...options })
  if (web === undefined) return { relay }
  return withSite(relay, { directory: web, host: options.host, port: webPort, onlyLoopback: false })
}

async function withSite(
  relay: RelayNode,
  init: { directory: string; host: string; port: number; onlyLoopback: boolean },
): Promise<Running> {
  try {
    return { relay, site: await startSite({ ...init, relays: relay.addresses }) }
  } catch (error) {
    await relay.stop()
    throw error
  }
}
