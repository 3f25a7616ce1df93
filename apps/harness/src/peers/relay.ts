import { join } from 'node:path'
import { PAGE } from './places.ts'
import { startProgram, type Exit, type Program, type ProgramInit } from './program.ts'

/** A relay in a process of its own. Its address, port and data folder stay the same through {@link RelayPeer.restart}. */
export interface RelayPeer {
  /** The WebSocket address that people type. */
  readonly address: string
  readonly port: number
  readonly data: string
  /** Address of the built page, if it serves that; stays the same, too. */
  readonly web: string
  /** Where its health page is now. */
  readonly health: string
  /** Files with all that it has ever said. */
  readonly logs: readonly string[]
  readonly program: Program
  kill(signal: NodeJS.Signals): Promise<Exit>
  /** On the same folder and port. */
  restart(init?: Pick<ProgramInit, 'clockAheadMs'>): Promise<void>
}

export interface RelayPeerInit {
  readonly data: string
  /** @default any that is free */
  readonly port?: number
  readonly clockAheadMs?: number
  /** Serves the built page, too. @default false */
  readonly page?: boolean
  /** Told about every process that is started. */
  onStart?(program: Program): void
}

interface Ready {
  readonly program: Program
  readonly address: string
  readonly health: string
  readonly web: string
}

/** Starts a relay and waits for its ready line. */
export async function startRelay({
  data,
  port = 0,
  page = false,
  onStart,
  ...init
}: RelayPeerInit): Promise<RelayPeer> {
  const log = join(data, '..', `${data.split('/').at(-1)}.log`)
  const start = async (at: number, webAt: number, how: ProgramInit): Promise<Ready> => {
    const site = page ? ['--web', PAGE, '--web-port', String(webAt)] : []
    const words = ['relay', '--json', '--port', String(at), '--data', data, ...site]
    const program = startProgram('relay', words, { ...how, errFile: log })
    onStart?.(program)
    const ready = await program.until({ ready: true })
    const [address = ''] = ready['relay'] as string[]
    return { program, address, health: String(ready['health']), web: page ? String(ready['web']) : '' }
  }
  let running = await start(port, 0, init)
  const { address, web } = running
  const ownPort = Number(/\/tcp\/(\d+)\//.exec(address)?.[1])
  const webPort = page ? Number(new URL(web).port) : 0
  return {
    address,
    web,
    port: ownPort,
    data,
    logs: [log],
    get health() {
      return running.health
    },
    get program() {
      return running.program
    },
    kill: (signal) => running.program.end(signal),
    async restart(how = {}) {
      running = await start(ownPort, webPort, how)
      if (running.address !== address) throw new Error('The relay came back with another address.')
    },
  }
}
