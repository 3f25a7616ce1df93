import { parseArguments } from './arguments.ts'
import { onStage } from './peers/stage.ts'
import { NotHeld, type Figures, type Scenario } from './scenarios/scenario.ts'

export interface Programme {
  readonly program: string
  readonly about: string
  /** What the plays are called in the last line. */
  readonly of: 'scenario' | 'bench'
  readonly plays: Readonly<Record<string, Scenario>>
}

/** Plays what the command line asks for; its last line says how it went. Sets the exit status. */
export async function perform({ program, about, of, plays }: Programme): Promise<void> {
  const wanted = parseArguments(program, about, Object.keys(plays))
  if (wanted === undefined) return
  const { name, seed, json } = wanted
  const say = (line: object, text: string): void => void process.stdout.write(`${json ? JSON.stringify(line) : text}\n`)
  const play = plays[name]
  if (play === undefined) {
    for (const [each, { about: what }] of Object.entries(plays)) say({ [of]: each, about: what }, `${each}: ${what}`)
    return
  }
  if (wanted.sizes !== undefined && play.sizes === undefined) {
    process.stderr.write(`error: ${name} has no sizes\n`)
    process.exitCode = 2
    return
  }
  const sizes = wanted.sizes ?? play.sizes
  // An exit, unlike a signal, clears the stage.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const began = performance.now()
  const ended = await onStage(seed, (stage) => play.play(stage, sizes), say).then(
    (figures) => ({ ok: true, figures }),
    (error: unknown) => ({ ok: false, figures: figuresOf(error), error }),
  )
  if ('error' in ended)
    process.stderr.write(`${ended.error instanceof Error ? ended.error.stack : String(ended.error)}\n`)
  const seconds = Math.round((performance.now() - began) / 100) / 10
  const line = JSON.stringify({ [of]: name, ok: ended.ok, seed, seconds, ...ended.figures })
  process.stdout.write(`${line}\n`)
  process.exitCode = ended.ok ? 0 : 1
}

function figuresOf(error: unknown): Figures {
  return error instanceof NotHeld ? error.figures : {}
}
