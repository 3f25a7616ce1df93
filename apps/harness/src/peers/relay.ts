import { join } from 'node:path'
import { startProgram, type Exit, type Program, type ProgramInit } from './program.ts'

/** A relay in a process of its own. Its address, port and data folder stay the same through {@link RelayPeer.restart}. */
export interface RelayPeer {
  /** The WebSocket address that people type. */
  readonly address: string
  readonly port: number
  readonly data: string
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
  /** Told about every process that is started. */
  onStart?(program: Program): void
}

/** Starts a relay and waits for its ready line. */
export async function startRelay({ data, port = 0, onStart, ...init }: RelayPeerInit): Promise<RelayPeer> {
  const log = join(data, '..', `${data.split('/').at(-1)}.log`)
  const start = async (
    at: number,
    how: ProgramInit,
  ): Promise<{ program: Program; address: string; health: string }> => {
    const words = ['relay', '--json', '--port', String(at), '--data', data]
    const program = startProgram('relay', words, { ...how, errFile: log })
    onStart?.(program)
    const ready = await program.until({ ready: true })
    const [address = ''] = ready['relay'] as string[]
    return { program, address, health: String(ready['health']) }
  }
  let running = await start(port, init)
  const { address } = running
  const ownPort = Number(/\/tcp\/(\d+)\//.exec(address)?.[1])
  return {
    address,
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
      running = await start(ownPort, how)
      if (running.address !== address) throw new Error('The relay came back with another address.')
    },
  }
}
