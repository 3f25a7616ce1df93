import type { Client } from '@sotto/client'
import { ACTIONS, checkedFields, type Action, type Fields, type Reply } from './actions.ts'
import { failureText } from './failure.ts'

/** Fields that people write with blanks: when one is the last of a command, it is all that follows. */
const FREE: ReadonlySet<string> = new Set(['text', 'title'])

export type TypedAnswer = { readonly name: string; readonly reply: Reply } | { readonly wrong: string }

/** Does what a person types into `run`: a command's words, and what it must be given, as on the command line but without options. Never rejects. */
export async function answerTyped(client: Client, line: string): Promise<TypedAnswer> {
  const words = line.trim().split(/\s+/)
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find((one) => Object.hasOwn(ACTIONS, one))
  const action = name === undefined ? undefined : ACTIONS[name]
  if (name === undefined || action === undefined)
    return { wrong: 'There is no command of that name here; `sotto --help` lists them.' }
  const given = line.trim().replace(new RegExp(`^${name.replace(' ', '\\s+')}\\s*`), '')
  const fields = fieldsIn(name, action, given)
  if (typeof fields === 'string') return { wrong: fields }
  try {
    return { name, reply: await action.run(client, fields) }
  } catch (error) {
    return { wrong: failureText(error) }
  }
}

/** The fields that are typed after a command's words, or a sentence about what is wrong. */
function fieldsIn(name: string, action: Action, given: string): Fields | string {
  const wanted = action.fields.filter((field) => !field.includes('?'))
  const usage = [name, ...wanted.map((field) => field.toUpperCase())].join(' ')
  if (wanted.some((field) => field.endsWith('*')))
    return `\`${name}\` takes a list: end \`run\`, and give it as a command.`
  const pattern = wanted.map((field) => (FREE.has(field) ? '(.+)' : '(\\S+)')).join('\\s+')
  const found = new RegExp(`^${pattern}$`, 'su').exec(given)
  if (found === null) return `Type: ${usage}`
  const typed = Object.fromEntries(wanted.map((field, at) => [field, found[at + 1]]))
  // People see these always.
  return checkedFields(action, action.fields.includes('lines?!') ? { ...typed, lines: true } : typed)
}
