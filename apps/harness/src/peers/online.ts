import { isWanted, type Line, type Wanted } from './lines.ts'
import type { Program } from './program.ts'

/** Somebody at `sotto run --json`: one device, online until it is stopped. */
export interface Online {
  readonly program: Program
  /** Says an intent and resolves with its answer. Rejects with the sentence when it is refused. */
  ask(intent: string, fields?: Line): Promise<Line>
  /** Sends a text; resolves with the message's id as soon as it is kept. */
  send(conversation: string, text: string): Promise<string>
  /** The first fact after the first `from` lines, told already or later. */
  until(wanted: Wanted, from?: number): Promise<Line>
  /** The facts so far. */
  facts(wanted: Wanted): readonly Line[]
  /** SIGTERM, and every signal that is asked for. Resolves when the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Wraps a `run --json` that was just started, and waits until it is online. */
export async function online(program: Program): Promise<Online> {
  await program.until({ type: 'ready' })
  let asked = 0
  const ask = async (intent: string, fields: Line = {}): Promise<Line> => {
    const ref = `ask-${++asked}`
    program.say({ do: intent, ref, ...fields })
    const answer = await program.until({ ref })
    if (answer['type'] === 'error') throw new Error(String(answer['message']))
    return answer
  }
  return {
    program,
    ask,
    send: async (conversation, text) => String((await ask('send', { conversation, text }))['message']),
    until: (wanted, from) => program.until(wanted, from),
    facts: (wanted) => program.lines.filter((line) => isWanted(line, wanted)),
    async stop(signal = 'SIGTERM') {
      const { code, err } = await program.end(signal)
      if (signal !== 'SIGKILL' && code !== 0) throw new Error(`It stopped with status ${code}.\n${err.slice(-2_000)}`)
    },
  }
}
