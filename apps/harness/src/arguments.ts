import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'

/** What `npm run harness -- NAME` was asked for. */
export interface Wanted {
  readonly name: string
  /** @default a new one each time, said in the last line */
  readonly seed: string
  readonly json: boolean
  /** How large what is played should be, where a play has sizes. @default each play's own */
  readonly sizes?: readonly number[]
}

type Options = Partial<Pick<Wanted, 'seed' | 'json' | 'sizes'>>

/** Where a program writes. */
export interface Output {
  /** Whatever is of use to who asked. */
  out(text: string): void
  /** What is wrong. */
  err(text: string): void
}

/** Reads the command line of one of our programs. Says what is wrong, and then answers the exit status. */
export function parseArguments(
  { program, about, names }: { program: string; about: string; names: readonly string[] },
  words: readonly string[],
  { out, err }: Output,
): Wanted | number {
  let wanted: Wanted | undefined
  const command = new Command(program)
    .description(about)
    .argument('<name>', `one of: list, ${names.join(', ')}`)
    .option('--seed <n>', 'the same choices as another time')
    .option('--json', 'print JSON lines and nothing else')
    .addOption(new Option('--sizes <n,…>', 'of groups, where a play has them').argParser(parseSizes))
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err })
    .showSuggestionAfterError(false)
    .action((name: string, { seed = fresh(), json = false, sizes }: Options) => {
      if (name === 'list' || names.includes(name))
        wanted = { name, seed, json, ...(sizes === undefined ? {} : { sizes }) }
      else command.error(`error: there is no ${name}; there are: ${names.join(', ')}`)
    })
  try {
    command.parse([...words], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? 0 : 2
  }
  return wanted ?? 0
}

function fresh(): string {
  return String(Math.floor(Math.random() * 1e9))
}

function parseSizes(text: string): readonly number[] {
  if (!/^[1-9]\d*(,[1-9]\d*)*$/.test(text))
    throw new InvalidArgumentError('It takes whole numbers with commas between.')
  return text.split(',').map(Number)
}
