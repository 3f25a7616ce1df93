import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import type { Address } from '@sotto/interface'

export interface SpawnedRelay {
  readonly address: Address
  readonly health: string
  readonly pid: number
  /** All of standard error so far. */
  log(): string
  /** As a power cut or the kernel would: no chance to finish anything. */
  kill(): Promise<void>
}

const SCRIPT = fileURLToPath(new URL('relay-process.ts', import.meta.url))

export async function spawnRelay(directory: string, port = 0): Promise<SpawnedRelay> {
  const child: ChildProcess = spawn(process.execPath, ['--conditions=source', SCRIPT, directory, String(port)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Even asked for every diagnostic there is, a relay names nobody.
    env: { ...process.env, DEBUG: '*' },
  })
  let log = ''
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const exited = once(child, 'exit')
  if (child.stdout === null) throw new Error('No standard output.')
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), exited])
  if (typeof line[0] !== 'string') throw new Error(`The relay did not start: ${log}`)
  const { addresses, health } = JSON.parse(line[0]) as { addresses: Address[]; health: string }
  const [address] = addresses
  if (address === undefined || child.pid === undefined) throw new Error('The relay has no address.')
  return {
    address,
    health,
    pid: child.pid,
    log: () => log,
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}
