import { PATIENCE_MS } from './patience.ts'

/** One JSON line that a program printed. */
export type Line = Readonly<Record<string, unknown>>

/** Fields that a line must have, or a test of it. */
export type Wanted = Line | ((line: Line) => boolean)

export function isWanted(line: Line, wanted: Wanted): boolean {
  if (typeof wanted === 'function') return wanted(line)
  return Object.entries(wanted).every(([field, value]) => line[field] === value)
}

/** The JSON lines of a program, and whoever waits for one. */
export class Lines {
  readonly all: Line[] = []
  readonly #who: string
  readonly #waiting = new Set<() => void>()
  readonly #watchers: ((line: Line) => void)[] = []
  #isOver = false

  constructor(who: string) {
    this.#who = who
  }

  /** Calls `watcher` with every line from now on. */
  watch(watcher: (line: Line) => void): void {
    this.#watchers.push(watcher)
  }

  /** Takes a line of any text; what is no JSON object is nobody's fact. */
  take(text: string): void {
    const line = parse(text)
    if (line === undefined) return
    this.all.push(line)
    for (const watcher of this.#watchers) watcher(line)
    for (const look of this.#waiting) look()
  }

  /** There will be no more. */
  end(): void {
    this.#isOver = true
    for (const look of this.#waiting) look()
  }

  /** The first wanted line after the first `from`. Rejects, with `log` at its end, when there will be none or when the patience ends. */
  until(wanted: Wanted, from: number, log: () => string): Promise<Line> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(undefined, 'did not say in time'), PATIENCE_MS)
      const look = (): void => {
        const found = this.all.find((line, at) => at >= from && isWanted(line, wanted))
        if (found !== undefined || this.#isOver) finish(found, 'ended before it said')
      }
      const finish = (found: Line | undefined, failure: string): void => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        if (found !== undefined) resolve(found)
        else
          reject(new Error(`${this.#who} ${failure} what was waited for: ${wordsOf(wanted)}\n${this.#last()}${log()}`))
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** For whoever has to find out why it failed. */
  #last(): string {
    return this.all
      .slice(-10)
      .map((line) => `${JSON.stringify(line).slice(0, 300)}\n`)
      .join('')
  }
}

function wordsOf(wanted: Wanted): string {
  return typeof wanted === 'function' ? wanted.toString() : JSON.stringify(wanted)
}

function parse(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Line) : undefined
  } catch {
    return undefined
  }
}
