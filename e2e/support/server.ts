import { startProgram } from './program.ts'
import type { Line, Program } from './program.ts'

const MAIN = 'apps/relay/dist/main.js'

/** A program that serves others and that can be lost. */
export interface Server {
  /** Multiaddr of the relay, by WebSocket. */
  readonly relay: string
  /** Address of the page; empty where it serves none. */
  readonly web: string
  /** `kill -9`, as of a machine that lost its power. */
  kill(): Promise<void>
  /** The same data, page and relay at the same ports. */
  restart(): Promise<void>
}

/** The product's own `start`: a relay and the built page. */
export function startServer(data: string): Promise<Server> {
  return restartable((web, relay) => ['start', '--data', data, '--port', `${web}`, '--relay-port', `${relay}`])
}

/** A relay alone. */
export function startRelay(data: string): Promise<Server> {
  return restartable((_web, relay) => ['relay', '--data', data, '--port', `${relay}`])
}

async function restartable(args: (web: number, relay: number) => string[]): Promise<Server> {
  let { program, web, relay } = await start(args(0, 0))
  return {
    web,
    relay,
    kill: () => program.end('SIGKILL'),
    async restart() {
      const again = await start(args(Number(/:(\d+)$/.exec(web)?.[1] ?? 0), Number(/\/tcp\/(\d+)\//.exec(relay)?.[1])))
      program = again.program
      if (again.web !== web || again.relay !== relay) throw new Error('The server came back somewhere else.')
    },
  }
}

async function start(args: readonly string[]): Promise<{ program: Program; web: string; relay: string }> {
  const program = startProgram(MAIN, [...args, '--json'])
  const ready: Line = await program.line((line) => line['ready'] === true)
  const [relay = ''] = ready['relay'] as string[]
  return { program, web: (ready['web'] ?? '') as string, relay }
}
