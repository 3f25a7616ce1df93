import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onFailure } from './diagnostics.ts'

const ROOT = new URL('../../', import.meta.url)

/** One JSON line that a program printed. */
export type Line = Readonly<Record<string, unknown>>

/** A built program of this repository that speaks in JSON lines. */
export interface Program {
  /** Everything that it has printed so far, oldest first. */
  readonly lines: readonly Line[]
  /** The first line, printed already or later, of which that is true. Rejects when the program ends before. */
  line(matches: (line: Line) => boolean): Promise<Line>
  say(line: Line): void
  /** Sends the signal, and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>
  /** Resolves with the exit status when it has ended by itself. */
  readonly ended: Promise<number | null>
}

/** Starts a program from its built file, for example `apps/relay/dist/main.js`. */
export function startProgram(main: string, args: readonly string[]): Program {
  const child = spawn(process.execPath, [fileURLToPath(new URL(main, ROOT)), ...args])
  const last = () => child.kill('SIGKILL')
  process.once('exit', last)
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => {
    process.off('exit', last)
    return code ?? null
  })
  return { ...reader(child, main, ended), ended, ...writer(child, ended) }
}

function writer(child: ChildProcessWithoutNullStreams, ended: Promise<unknown>): Pick<Program, 'say' | 'end'> {
  child.stdin.on('error', () => undefined) // it may be gone; whoever waits for its lines is told
  return {
    say: (line) => void child.stdin.write(`${JSON.stringify(line)}\n`),
    async end(signal) {
      child.kill(signal)
      await ended
    },
  }
}

function reader(
  child: ChildProcessWithoutNullStreams,
  name: string,
  ended: Promise<number | null>,
): Pick<Program, 'lines' | 'line'> {
  const lines: Line[] = []
  const waiting = new Set<() => void>()
  let log = ''
  let isOver = false
  onFailure(() => `--- ${name}\n${log}`)
  child.stderr.on('data', (chunk: Buffer) => (log = `${log}${chunk.toString()}`.slice(-4_000)))
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(JSON.parse(text) as Line)
    for (const look of waiting) look()
  })
  void ended.then(() => {
    isOver = true
    for (const look of waiting) look()
  })
  return {
    lines,
    line: (matches) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(matches)
          if (!found && !isOver) return
          waiting.delete(look)
          if (found) resolve(found)
          else reject(new Error(`${name} ended before it said what was waited for.\n${log}`))
        }
        waiting.add(look)
        look()
      }),
  }
}
