import { parseArguments, type Output } from './arguments.ts'
import { onStage } from './peers/stage.ts'
import { NotHeld, type Figures, type Scenario } from './scenarios/scenario.ts'

export interface Programme {
  readonly program: string
  readonly about: string
  /** What the plays are called in the last line. */
  readonly of: 'scenario' | 'bench'
  readonly plays: Readonly<Record<string, Scenario>>
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

const CONSOLE: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
}

/** Plays what the command line asks for; its last line says how it went. Answers the exit status. */
export async function perform(
  { program, about, of, plays }: Programme,
  words: readonly string[] = process.argv.slice(2),
  output: Output = CONSOLE,
): Promise<number> {
  const wanted = parseArguments({ program, about, names: Object.keys(plays) }, words, output)
  if (typeof wanted === 'number') return wanted
  const { name, seed, json } = wanted
  const say = (line: object, text: string): void => output.out(`${json ? JSON.stringify(line) : text}\n`)
  const play = plays[name]
  if (play === undefined) {
    for (const [each, { about: what }] of Object.entries(plays)) say({ [of]: each, about: what }, `${each}: ${what}`)
    return 0
  }
  if (wanted.sizes !== undefined && play.sizes === undefined) {
    output.err(`error: ${name} has no sizes\n`)
    return 2
  }
  const sizes = wanted.sizes ?? play.sizes
  // An exit, unlike a signal, clears the stage.
  const leave = (): void => process.exit(1)
  for (const signal of SIGNALS) process.once(signal, leave)
  const began = performance.now()
  const ended = await onStage(seed, (stage) => play.play(stage, sizes), say).then(
    (figures) => ({ ok: true, figures }),
    (error: unknown) => ({ ok: false, figures: figuresOf(error), error }),
  )
  for (const signal of SIGNALS) process.off(signal, leave)
  if ('error' in ended) output.err(`${ended.error instanceof Error ? ended.error.stack : String(ended.error)}\n`)
  const seconds = Math.round((performance.now() - began) / 100) / 10
  const line = JSON.stringify({ [of]: name, ok: ended.ok, seed, seconds, ...ended.figures })
  output.out(`${line}\n`)
  return ended.ok ? 0 : 1
}

function figuresOf(error: unknown): Figures {
  return error instanceof NotHeld ? error.figures : {}
}
