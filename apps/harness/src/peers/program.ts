import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, closeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { COMPILE_CACHE, mainOf, preload, type App } from './places.ts'

/** One JSON line that a program printed. */
export type Line = Readonly<Record<string, unknown>>

/** Fields that a line must have, or a test of it. */
export type Wanted = Line | ((line: Line) => boolean)

export interface Exit {
  readonly code: number | null
  readonly lines: readonly Line[]
  /** Everything on standard output and on standard error. */
  readonly out: string
  readonly err: string
}

/** A running program of this repository. */
export interface Program {
  readonly pid: number
  /** Every JSON line so far, oldest first. */
  readonly lines: readonly Line[]
  /** The first line after the first `from` lines, printed already or later, that is wanted. Rejects when the program ends before, or after 40 s. */
  until(wanted: Wanted, from?: number): Promise<Line>
  /** What it has said on standard error so far. */
  err(): string
  say(line: Line): void
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Exit>
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

/** Finite, since a hang is a failure; generous, since machines are busy. */
const PATIENCE_MS = 40_000

export function startProgram(app: App, words: readonly string[], init: ProgramInit = {}): Program {
  const { clockAheadMs = 0 } = init
  const preloads = clockAheadMs === 0 ? [] : ['--import', preload('clock-ahead')]
  const log = init.errFile === undefined ? 'pipe' : openSync(init.errFile, 'a')
  const child = spawn(process.execPath, [...preloads, ...mainOf(app), ...words], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      CLOCK_AHEAD_MS: String(clockAheadMs),
    },
    stdio: ['pipe', 'pipe', log],
  })
  if (typeof log === 'number') closeSync(log)
  const last = (): void => void child.kill('SIGKILL')
  process.once('exit', last)
  const output = reading(child.stdout, child.stderr)
  const exit = once(child, 'close').then(([code]: (number | null)[]): Exit => {
    process.off('exit', last)
    output.over()
    return { code: code ?? null, lines: output.lines, out: output.out(), err: output.err() }
  })
  return {
    pid: child.pid ?? 0,
    lines: output.lines,
    until: (wanted, from = 0) => output.until({ wanted, from, who: nameOf(app, words) }),
    err: output.err,
    ...writing(child.stdin, init.input),
    async end(signal) {
      child.kill(signal)
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

interface Output {
  readonly lines: readonly Line[]
  out(): string
  err(): string
  until(about: { wanted: Wanted; from: number; who: string }): Promise<Line>
  over(): void
}

function reading(stdout: Readable | null, stderr: Readable | null): Output {
  const lines: Line[] = []
  const waiting = new Set<() => void>()
  let [out, err, isOver] = ['', '', false]
  const look = (): void => {
    for (const each of waiting) each()
  }
  const take = (text: string): void => {
    out += `${text}\n`
    const line = parse(text)
    if (line === undefined) return
    lines.push(line)
    look()
  }
  stderr?.setEncoding('utf8').on('data', (text: string) => (err += text))
  if (stdout !== null) createInterface({ input: stdout }).on('line', take)
  const until: Output['until'] = ({ wanted, from, who }) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(undefined, 'did not say in time'), PATIENCE_MS)
      const each = (): void => {
        const found = lines.find((line, at) => at >= from && isWanted(line, wanted))
        if (found !== undefined || isOver) finish(found, 'ended before it said')
      }
      const finish = (found: Line | undefined, failure: string): void => {
        clearTimeout(timer)
        waiting.delete(each)
        if (found !== undefined) resolve(found)
        else reject(new Error(`${who} ${failure} what was waited for: ${wordsOf(wanted)}\n${tail(lines, err)}`))
      }
      waiting.add(each)
      each()
    })
  return {
    lines,
    out: () => out,
    err: () => err,
    until,
    over: () => {
      isOver = true
      look()
    },
  }
}

export function isWanted(line: Line, wanted: Wanted): boolean {
  if (typeof wanted === 'function') return wanted(line)
  return Object.entries(wanted).every(([field, value]) => line[field] === value)
}

function nameOf(app: App, words: readonly string[]): string {
  return `${app} ${words.filter((word) => !word.includes('/')).join(' ')}`
}

function wordsOf(wanted: Wanted): string {
  return typeof wanted === 'function' ? wanted.toString() : JSON.stringify(wanted)
}

/** The end of what a program said, for whoever has to find out why it failed. */
function tail(lines: readonly Line[], err: string): string {
  const shown = lines.slice(-10).map((line) => JSON.stringify(line).slice(0, 300))
  return [...shown, err.slice(-2_000)].join('\n')
}

function parse(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Line) : undefined
  } catch {
    return undefined
  }
}
