import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import { atExit } from './at-exit.ts'
import { Lines, type Line, type Wanted } from './lines.ts'
import { COMPILE_CACHE, mainOf, runnable, type App } from './places.ts'

export interface Exit {
  readonly code: number | null
  readonly lines: readonly Line[]
  /** Everything on standard output and on standard error. */
  readonly out: string
  readonly err: string
}

/** A running program. */
export interface Program {
  readonly pid: number
  /** Every JSON line so far, oldest first. */
  readonly lines: readonly Line[]
  /** The first line after the first `from` lines, printed already or later, that is wanted. Rejects when the program ends before, or after 90 s. */
  until(wanted: Wanted, from?: number): Promise<Line>
  /** Calls `watcher` with every JSON line from now on, as it comes. */
  watch(watcher: (line: Line) => void): void
  /** What it has said on standard error so far. */
  err(): string
  say(line: Line): void
  signal(name: NodeJS.Signals): void
  /** Sends a signal and waits for the end. */
  end(name: NodeJS.Signals): Promise<Exit>
  readonly exit: Promise<Exit>
}

export interface ProgramInit {
  /** Its clock is this far ahead of the machine's. */
  readonly clockAheadMs?: number
  /** Standard error goes to this file, and {@link Program.err} is empty. */
  readonly errFile?: string
  /** Standard input, at once. Without it, input stays open for {@link Program.say}. */
  readonly input?: string
}

const CLOCK_AHEAD = runnable(new URL('./clock-ahead.ts', import.meta.url)).href
const END_WITH_PARENT = runnable(new URL('./end-with-parent.ts', import.meta.url)).href

/** Starts a program of this repository. It does not outlive this process. */
export function startProgram(app: App, words: readonly string[], init: ProgramInit = {}): Program {
  const preloads = init.clockAheadMs === undefined ? [] : ['--import', CLOCK_AHEAD]
  return startNode(app, [...preloads, mainOf(app), ...words], init)
}

/** The same for any arguments of Node. */
export function startNode(who: string, args: readonly string[], init: ProgramInit = {}): Program {
  const log = init.errFile === undefined ? 'pipe' : openSync(init.errFile, 'a')
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    CLOCK_AHEAD_MS: String(init.clockAheadMs ?? 0),
  }
  const stdio = ['pipe', 'pipe', log, 'pipe'] as const
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, ...args], { env, stdio: [...stdio] })
  if (typeof log === 'number') closeSync(log)
  const reaped = atExit(() => child.kill('SIGKILL'))
  const lines = new Lines(who)
  let [out, err] = ['', '']
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text))
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      out += `${line}\n`
      lines.take(line)
    })
  }
  const exit = once(child, 'close').then(([code]: (number | null)[]): Exit => {
    reaped()
    lines.end()
    return { code: code ?? null, lines: lines.all, out, err }
  })
  return {
    pid: child.pid ?? 0,
    lines: lines.all,
    until: (wanted, from = 0) => lines.until(wanted, from, () => err.slice(-2_000)),
    watch: (watcher) => lines.watch(watcher),
    err: () => err,
    ...writing(child.stdin, init.input),
    signal: (name) => void child.kill(name),
    async end(name) {
      child.kill(name)
      return exit
    },
    exit,
  }
}

function writing(stdin: Writable | null, input: string | undefined): Pick<Program, 'say'> {
  stdin?.on('error', () => undefined) // it may be gone; whoever waits for its lines is told
  if (input !== undefined) stdin?.end(input)
  return { say: (line) => void stdin?.write(`${JSON.stringify(line)}\n`) }
}
