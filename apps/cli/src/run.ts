import { createInterface } from 'node:readline'
import type { Client } from '@sotto/client'
import { ACTIONS, checkedFields, type Reply } from './actions.ts'
import { failureText } from './failure.ts'
import { factLine, factText } from './lines.ts'
import { namesIn } from './names.ts'
import type { Output } from './output.ts'
import { print } from './print.ts'
import { answerTyped } from './typed.ts'

const MAX_LINE = 64 * 1024
const TOO_LONG = 'The line is too long.'
/** One Ctrl-C comes from the terminal and from npm: what comes again within this time is the same signal. */
const SAME_SIGNAL_MS = 1_000

/**
 * Stays online until a signal: facts out, intents in, one JSON line each; for a person sentences out, and commands in. The end of standard input does not stop it; rejects when
 * nobody reads standard output any more, for what comes in then would be told to nobody.
 */
export async function runUntilSignal(client: Client, output: Output): Promise<void> {
  let fail = (_error: unknown): void => {}
  const failed = new Promise<void>((_resolve, reject) => (fail = reject))
  const stopped = Promise.race([firstSignal(), failed])
  stopped.catch(() => {}) // awaited below, perhaps after it has happened
  const say = (line: object, text: string): void => {
    try {
      output.answer(line, text)
    } catch (error) {
      fail(error)
    }
  }
  client.subscribe((fact) => say(factLine(fact), output.isJson ? '' : factText(fact, namesIn(client))))
  await client.start()
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    if (!output.isJson && line.trim() === '') return
    if (output.isJson || line.trimStart().startsWith('{'))
      void answerTo(client, line).then((answer) => say(answer, JSON.stringify(answer)))
    else void answerPerson(client, line, output).catch(fail)
  })
  // A readline without input must not end the process, and a timer must keep it alive.
  const alive = setInterval(() => {}, 60_000)
  try {
    await stopped
  } finally {
    clearInterval(alive)
    lines.close()
  }
}

/** What a person types, answered as the command is. */
async function answerPerson(client: Client, line: string, output: Output): Promise<void> {
  if (line.length > MAX_LINE) return output.answer({}, TOO_LONG)
  const answer = await answerTyped(client, line)
  if ('wrong' in answer) return output.answer({}, answer.wrong)
  print(output, answer.name, answer.reply)
  if ('failed' in answer.reply && answer.reply.failed !== undefined) output.answer({}, answer.reply.failed)
}

/** SIGINT or SIGTERM; a second one ends the process at once. */
function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined
    const onSignal = (): void => {
      first ??= performance.now()
      if (performance.now() - first > SAME_SIGNAL_MS) process.exit(1)
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  })
}

/** The answer to one line of standard input; never rejects. */
export async function answerTo(client: Client, line: string): Promise<object> {
  const intent = parse(line)
  if (typeof intent === 'string') return { type: 'error', message: intent }
  const { do: name, ref, ...fields } = intent
  const about = { do: typeof name === 'string' ? name : '', ...(ref === undefined ? {} : { ref }) }
  const action = typeof name === 'string' && Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (action === undefined) return { type: 'error', ...about, message: 'There is no such intent.' }
  const checked = checkedFields(action, fields)
  if (typeof checked === 'string') return { type: 'error', ...about, message: checked }
  try {
    return answerOf(about, await action.run(client, checked))
  } catch (error) {
    return { type: 'error', ...about, message: failureText(error) }
  }
}

function answerOf(about: object, reply: Reply): object {
  if ('rows' in reply) return { type: 'done', ...about, rows: reply.rows }
  if (reply.failed !== undefined) return { type: 'error', ...about, ...reply.value, message: reply.failed }
  return { type: 'done', ...about, ...reply.value }
}

function parse(line: string): Readonly<Record<string, unknown>> | string {
  if (line.length > MAX_LINE) return TOO_LONG
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Said below, as for every other line that is no object.
  }
  return 'A line must be a JSON object with a field "do".'
}
