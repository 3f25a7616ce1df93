import type { Line } from './lines.ts'
import { online, type Online } from './online.ts'
import { startProgram, type Exit, type Program, type ProgramInit } from './program.ts'

/** A person at a terminal: one home, used by one command after the other, or by a long `run`. */
export interface Terminal {
  readonly home: string
  /** `sotto …` on this home: its JSON lines. Rejects, with what it said, unless it ends with status 0. */
  sotto(...words: string[]): Promise<readonly Line[]>
  /** The same command, whatever becomes of it. */
  attempt(words: readonly string[], init?: ProgramInit): Promise<Exit>
  /** `sotto device link` on an empty home: it shows a code, and ends when another device has taken it in. */
  showCode(relay: string): Promise<{ readonly code: string; readonly linked: Promise<Line> }>
  /** `sotto run --json`, once it is online. `words`: more options. */
  run(...words: string[]): Promise<Online>
}

/** A terminal on that home, which need not be set up. `onStart` is told about every process that is started. */
export function terminal(home: string, onStart?: (program: Program) => void): Terminal {
  const start = (words: readonly string[], init?: ProgramInit): Program => {
    const program = startProgram('cli', ['--home', home, '--json', ...words], init)
    onStart?.(program)
    return program
  }
  const attempt = (words: readonly string[], init: ProgramInit = {}): Promise<Exit> =>
    start(words, { input: '', ...init }).exit
  return {
    home,
    attempt,
    async sotto(...words) {
      const { code, lines, err } = await attempt(words)
      if (code !== 0) throw new Error(`\`sotto ${words.join(' ')}\` ended with status ${code}: ${err}`)
      return lines
    },
    async showCode(relay) {
      const program = start(['device', 'link', '--relay', relay])
      const { code } = await program.until((line) => 'code' in line)
      return { code: String(code), linked: program.exit.then(linkedIn) }
    },
    run: (...words) => online(start(['run', ...words])),
  }
}

function linkedIn({ code, lines, err }: Exit): Line {
  const last = lines.at(-1)
  if (code !== 0 || last === undefined) throw new Error(`\`sotto device link\` ended with status ${code}: ${err}`)
  return last
}
