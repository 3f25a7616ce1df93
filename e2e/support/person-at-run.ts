import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onFailure } from './diagnostics.ts'

const MAIN = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url))

/** A person at `sotto run`, who reads sentences and types commands. */
export interface PersonAtRun {
  type(line: string): void
  /** What a sentence says, printed already or later, in the pattern's first group. Rejects when the program ends before. */
  reads(pattern: RegExp): Promise<string>
  end(): Promise<void>
}

export function personAtRun(home: string): PersonAtRun {
  const child = spawn(process.execPath, [MAIN, 'run', '--home', home])
  const last = () => child.kill('SIGKILL')
  process.once('exit', last)
  let read = ''
  const waiting = new Set<() => void>()
  const look = () => waiting.forEach((one) => one())
  child.stdout.on('data', (chunk: Buffer) => ((read += chunk.toString()), look()))
  const ended = once(child, 'exit').then(() => (process.off('exit', last), look()))
  onFailure(() => `--- sotto run\n${read}`)
  return {
    type: (line) => void child.stdin.write(`${line}\n`),
    reads: (pattern) =>
      new Promise((resolve, reject) => {
        const seek = () => {
          const found = pattern.exec(read)
          if (found === null && child.exitCode === null) return
          waiting.delete(seek)
          if (found === null) reject(new Error(`sotto run ended before it said ${String(pattern)}.`))
          else resolve(found[1] ?? found[0])
        }
        waiting.add(seek)
        seek()
      }),
    async end() {
      child.kill('SIGINT')
      await ended
    },
  }
}
