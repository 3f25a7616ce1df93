import { startProgram } from './program.ts'
import type { Program } from './program.ts'

/** The product's own `start`: a relay and the built page. */
export interface Server {
  readonly web: string
  readonly relay: string
  /** `kill -9`, as of a machine that lost its power. */
  kill(): Promise<void>
  /** The same data, page and relay at the same ports. */
  restart(): Promise<void>
}

export async function startServer(data: string): Promise<Server> {
  let { program, web, relay } = await start(data, { web: 0, relay: 0 })
  return {
    get web() {
      return web
    },
    get relay() {
      return relay
    },
    kill: () => program.end('SIGKILL'),
    async restart() {
      const again = await start(data, { web: Number(new URL(web).port), relay: portOf(relay) })
      if (again.web !== web || again.relay !== relay) throw new Error('The server came back somewhere else.')
      program = again.program
    },
  }
}

async function start(
  data: string,
  ports: { web: number; relay: number },
): Promise<{ program: Program; web: string; relay: string }> {
  const args = ['start', '--json', '--data', data, '--port', `${ports.web}`, '--relay-port', `${ports.relay}`]
  const program = startProgram('apps/relay/dist/main.js', args)
  const ready = await program.line((line) => line['ready'] === true)
  const [relay = ''] = ready['relay'] as string[]
  return { program, web: String(ready['web']), relay }
}

function portOf(address: string): number {
  return Number(/\/tcp\/(\d+)\//.exec(address)?.[1])
}
