import { Command, CommanderError, Option, type OptionValues } from 'commander'
import { SottoError } from '@sotto/interface'
import { ACTIONS, type Fields } from './actions.ts'
import { readInput, type GlobalOptions } from './context.ts'
import { duration } from './duration.ts'
import { addGroups } from './group-commands.ts'
import { addDevices } from './device-commands.ts'
import { init, type InitOptions } from './init.ts'
import { createOutput } from './output.ts'
import { print } from './print.ts'
import { runUntilSignal } from './run.ts'
import { withClient } from './session.ts'
import { addSettings } from './settings-actions.ts'
import { whole } from './whole.ts'

/** Usage is wrong, or the command does not exist yet. */
const WRONG = 2
const TRY_SENT_MS = 5_000
const TRANSPORTS = ['tcp', 'ws', 'webrtc'] as const

/** Runs one command line and answers the exit status: 0 done, 1 failed, 2 wrong usage or not available. */
export async function runCommand(words: readonly string[]): Promise<number> {
  let status = 0
  const program = createProgram((code) => {
    status = code
  })
  try {
    await program.parseAsync(words, { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG
    if (!(error instanceof SottoError)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}

function createProgram(exit: (code: number) => void): Command {
  const program = new Command('sotto')
    .description('A decentralized peer-to-peer messenger.')
    .option('--home <dir>', 'the store of one device (default: SOTTO_HOME, or ~/.sotto)')
    .option('--json', 'print JSON lines and nothing else')
    .option('--verbose', 'say on standard error what happens')
    .exitOverride()
    .showSuggestionAfterError(false)
  // The three options above may also stand after a command's name.
  const commandOf = (parent: Command, usage: string, description: string): Command =>
    parent
      .command(usage)
      .description(description)
      .option('--home <dir>', 'the store of one device')
      .option('--json', 'print JSON lines and nothing else')
      .option('--verbose', 'say on standard error what happens')
      .allowExcessArguments(false)
      .exitOverride()
      .showSuggestionAfterError(false)
  const command = (usage: string, description: string): Command => commandOf(program, usage, description)
  const perform = async (
    own: Command,
    name: string,
    fields: Fields,
    about: { online?: boolean; soft?: boolean } = {},
  ): Promise<void> => {
    const options: GlobalOptions = own.optsWithGlobals()
    const action = ACTIONS[name]
    if (action === undefined) throw new Error(`no action ${name}`)
    const reply = await withClient(options, about.online ?? action.online, (client) => action.run(client, fields))
    print(createOutput(options.json === true), name, reply)
    if (!('rows' in reply) && reply.failed !== undefined && about.soft !== true) {
      process.stderr.write(`${reply.failed}\n`)
      exit(1)
    }
  }
  addSetUp(command)
  addContacts(command, perform)
  addMessages(command, perform)
  addDevices(command('device', 'list, link and revoke your devices'), commandOf, perform)
  addSettings(command, perform)
  addGroups(command('group', 'create a group, and say who is in it'), commandOf, perform)
  addLater(command, exit)
  return program
}

type AddCommand = (usage: string, description: string) => Command
type Perform = (
  own: Command,
  name: string,
  fields: Fields,
  about?: { online?: boolean; soft?: boolean },
) => Promise<void>

function addSetUp(command: AddCommand): void {
  command('init', 'set up a home: a new account and its first device')
    .requiredOption('--name <name>', 'the name that your contacts and the members of your groups see')
    .option('--relay <address>', 'a relay for your invitations; may be given up to three times', collect, [])
    .option('--restore', 'read the 24 recovery words of an account from standard input')
    .action(async (_options: OptionValues, own: Command) => {
      const options = own.optsWithGlobals<GlobalOptions & InitOptions>()
      await init(options, options, createOutput(options.json === true))
    })
  command(
    'run',
    'stay online: says what happens, and does what is typed, as commands without options; for programs with --json',
  )
    .addOption(new Option('--transports <way...>', 'ways of connecting directly').choices(TRANSPORTS).hideHelp())
    .action(async (_options: OptionValues, own: Command) => {
      const options = own.optsWithGlobals<GlobalOptions>()
      await withClient(options, false, (client) => runUntilSignal(client, createOutput(options.json === true)))
    })
}

function addContacts(command: AddCommand, perform: Perform): void {
  command('invite', 'make an invitation: a link, and a QR code')
    .option('--uses <n>', 'how many people may use it, 1 to 20', whole(1, 20), 1)
    .option('--expires <duration>', 'how long it lasts', duration)
    .action((options: { uses: number; expires?: number }, own: Command) =>
      perform(own, 'invite', { uses: options.uses, expires: options.expires }),
    )
  command('invitations', 'list your invitations').action((_o: OptionValues, own: Command) =>
    perform(own, 'invitations', {}),
  )
  command('revoke <id>', 'take an invitation back').action((id: string, _o: OptionValues, own: Command) =>
    perform(own, 'revoke', { id }),
  )
  command('join <link>', 'say hello to whoever made the invitation')
    .option('--message <text>', 'your first words')
    .action((link: string, options: { message?: string }, own: Command) =>
      perform(own, 'join', { link, message: options.message }),
    )
  command('requests', 'list who said hello, or invites you into a group').action((_o: OptionValues, own: Command) =>
    perform(own, 'requests', {}),
  )
  command('accept <id>', 'accept a request').action((id: string, _o: OptionValues, own: Command) =>
    perform(own, 'accept', { id }),
  )
  command('decline <id>', 'decline a request; nobody is told').action((id: string, _o: OptionValues, own: Command) =>
    perform(own, 'decline', { id }),
  )
  command(
    'block <account>',
    'end the conversation with an account, for good, and take nothing more from it but in groups; nobody is told',
  ).action((account: string, _o: OptionValues, own: Command) => perform(own, 'block', { account }))
  command('safety <conversation>', 'show the safety number').action(
    (conversation: string, _o: OptionValues, own: Command) => perform(own, 'safety', { conversation }),
  )
  command('verify <account>', 'note that you compared the safety number').action(
    (account: string, _o: OptionValues, own: Command) => perform(own, 'verify', { account }),
  )
}

function addMessages(command: AddCommand, perform: Perform): void {
  command('conversations', 'list your conversations, and who is in them').action((_o: OptionValues, own: Command) =>
    perform(own, 'conversations', {}),
  )
  command('send <conversation> <text>', 'send a message; a text of - reads standard input')
    .option('--reply-to <id>', 'the message that it answers')
    .addOption(new Option('--wait <state>', 'wait for a state').choices(['queued', 'sent', 'delivered', 'read']))
    .option('--timeout <duration>', 'how long to wait', duration, 30_000)
    .option('--file <path>', 'send a file (not available yet)')
    .action(sendAction(perform))
  command('messages <conversation>', 'show messages; never marks them read')
    .option('--limit <n>', 'how many at most', whole(1, 10_000), 50)
    .option('--lines', 'with --json, too: who was added or removed by whom, and the like, between the messages')
    .action((conversation: string, { limit, lines }: { limit: number; lines?: true }, own: Command) => {
      const isForPeople = own.optsWithGlobals<GlobalOptions>().json !== true
      return perform(own, 'messages', { conversation, limit, lines: isForPeople || lines === true })
    })
  command('read <conversation>', 'mark everything in it read').action(
    (conversation: string, _o: OptionValues, own: Command) => perform(own, 'read', { conversation }),
  )
  command('sync', 'go online until everything is fetched and sent')
    .option('--timeout <duration>', 'how long at most', duration, 30_000)
    .action((options: { timeout: number }, own: Command) => perform(own, 'sync', { timeout: options.timeout }))
  command('status', 'show relays, connections and what waits').action((_o: OptionValues, own: Command) =>
    perform(own, 'status', {}),
  )
}

interface SendOptions {
  readonly replyTo?: string
  readonly wait?: string
  readonly timeout: number
  readonly file?: string
}

/** Without `--wait` it tries for `sent` for 5 s and says what was reached; with `--wait queued` it never goes online. */
function sendAction(
  perform: Perform,
): (conversation: string, text: string, options: SendOptions, own: Command) => Promise<void> {
  return async (conversation, text, options, own) => {
    if (options.file !== undefined) own.error('Sending files is not available yet.', { exitCode: WRONG })
    const message = text === '-' ? await readInput() : text
    const { replyTo, wait } = options
    const fields = { conversation, text: message, replyTo, wait: wait ?? 'sent' }
    const timeout = wait === undefined ? TRY_SENT_MS : options.timeout
    await perform(own, 'send', { ...fields, timeout }, { online: wait !== 'queued', soft: wait === undefined })
  }
}

/** Commands whose part of Sotto is not built yet. */
function addLater(command: AddCommand, exit: (code: number) => void): void {
  for (const name of ['report']) {
    command(`${name} [words...]`, 'not available yet')
      .allowUnknownOption()
      .action(() => {
        process.stderr.write(`\`sotto ${name}\` is not available yet.\n`)
        exit(WRONG)
      })
  }
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}
