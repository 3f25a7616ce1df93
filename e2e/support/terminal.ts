import { startProgram } from './program.ts'
import type { Line, Program } from './program.ts'

const MAIN = 'apps/cli/dist/main.js'

/** Somebody at `sotto run --json`: one device, online. */
export interface Terminal {
  readonly program: Program
  /** Says an intent and resolves with its answer. Rejects with the sentence when it is refused. */
  do(name: string, fields?: Line): Promise<Line>
  /** The first fact, told already or later, that has these fields. */
  fact(fields: Line): Promise<Line>
  /** What it was told so far of that type. */
  facts(type: string): readonly Line[]
}

/** Sets up a home in that folder and goes online. */
export async function startTerminal(home: string, name: string, relay: string): Promise<Terminal> {
  const made = startProgram(MAIN, ['init', '--home', home, '--json', '--name', name, '--relay', relay])
  await made.line((line) => 'account' in line)
  if ((await made.ended) !== 0) throw new Error('The home could not be set up.')
  const program = startProgram(MAIN, ['run', '--home', home, '--json', '--verbose'])
  await program.line(({ type }) => type === 'ready')
  let asked = 0
  return {
    program,
    async do(intent, fields = {}) {
      const ref = `ask-${++asked}`
      program.say({ do: intent, ref, ...fields })
      const answer = await program.line((line) => line['ref'] === ref)
      if (answer['type'] === 'error') throw new Error(String(answer['message']))
      return answer
    },
    fact: (fields) => program.line((line) => Object.entries(fields).every(([key, value]) => line[key] === value)),
    facts: (type) => program.lines.filter((line) => line['type'] === type),
  }
}
