import type { Client, OwnState } from '@sotto/client'
import { GROUP_ACTIONS } from './group-actions.ts'
import { namesIn } from './names.ts'
import { SETTINGS_ACTION } from './settings-actions.ts'
import { conversationRow, deviceRow, invitationRow, messageRow, requestRow, statusRows } from './rows.ts'
import { awaitedText } from './text.ts'

/** What a command answers: one object, or rows. `failed` says what was asked for and not reached in time. */
export type Reply = ({ readonly value: object; readonly failed?: string } | { readonly rows: readonly object[] }) & {
  /** Sentences for a person, after the answer. */
  readonly notes?: readonly string[]
  /** Of the accounts in the rows. */
  readonly names?: ReadonlyMap<string, string>
}

/** The fields of one intent, as the command line or a line of `run` gives them. Values are checked by {@link checkedFields}. */
export type Fields = Readonly<Record<string, Field | undefined>>

type Field = string | number | boolean | readonly string[]

export interface Action {
  /** True when a command that does only this has to go online. */
  readonly online: boolean
  /**
   * Names of the fields; those with a question mark may be left out, those with a # are whole numbers (ms for times), those with a * lists of
   * texts, those with an exclamation mark true or false.
   */
  readonly fields: readonly string[]
  run(client: Client, fields: Fields): Promise<Reply>
}

const STATES: readonly OwnState[] = ['queued', 'sent', 'delivered', 'read']

/** Every command that works on a messenger, by its word. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  ...GROUP_ACTIONS,
  settings: SETTINGS_ACTION,
  'device list': {
    online: false,
    fields: [],
    run: async (client) => ({ rows: (await client.do('devices', {})).rows.map(deviceRow) }),
  },
  'device link': {
    online: true,
    fields: ['code'],
    run: async (client, { code }) => ({ value: await client.do('deviceLink', { code: text(code) }) }),
  },
  'device revoke': {
    online: false,
    fields: ['device'],
    run: async (client, { device }) => ({ value: await client.do('deviceRevoke', { device: text(device) }) }),
  },
  invite: {
    online: true,
    fields: ['uses?#', 'expires?#'],
    run: async (client, { uses, expires }) => {
      const ask = { ...given('uses', number(uses)), ...given('expiresIn', number(expires)) }
      return { value: await client.do('invite', ask) }
    },
  },
  invitations: {
    online: false,
    fields: [],
    run: async (client) => ({ rows: (await client.do('invitations', {})).rows.map(invitationRow) }),
  },
  revoke: {
    online: true,
    fields: ['id'],
    run: async (client, { id }) => ({ value: await client.do('revoke', { id: text(id) }) }),
  },
  join: {
    online: true,
    fields: ['link', 'message?'],
    run: async (client, { link, message }) => ({
      value: await client.do('join', { link: text(link), ...given('message', optional(message)) }),
    }),
  },
  requests: {
    online: false,
    fields: [],
    run: async (client) => ({ rows: (await client.do('requests', {})).rows.map(requestRow), notes: awaitedIn(client) }),
  },
  accept: {
    online: false,
    fields: ['id'],
    run: async (client, { id }) => ({
      value: await client.do('accept', { id: text(id) }),
      notes: awaitedIn(client, text(id)),
    }),
  },
  decline: {
    online: false,
    fields: ['id'],
    run: async (client, { id }) => ({ value: await client.do('decline', { id: text(id) }) }),
  },
  block: {
    online: false,
    fields: ['account'],
    run: async (client, { account }) => ({ value: await client.do('block', { account: text(account) }) }),
  },
  conversations: {
    online: false,
    fields: [],
    run: async (client) => ({
      rows: (await client.do('conversations', {})).rows.map(conversationRow),
      notes: awaitedIn(client),
    }),
  },
  send: { online: true, fields: ['conversation', 'text', 'replyTo?', 'wait?', 'timeout?#'], run: send },
  messages: {
    online: false,
    fields: ['conversation', 'limit?#', 'lines?!'],
    run: async (client, { conversation, limit, lines }) => {
      const ask = { conversation: text(conversation), ...given('limit', number(limit)), lines: lines === true }
      const { rows, former } = await client.do('messages', ask)
      const past = former.flatMap(({ account, name }) => (name === '' ? [] : [[account, name] as const]))
      const names = new Map([...past, ...namesIn(client), ...namesIn(client, ask.conversation)])
      return { rows: rows.map(messageRow), names }
    },
  },
  read: {
    online: false,
    fields: ['conversation'],
    run: async (client, { conversation }) => ({ value: await client.do('read', { conversation: text(conversation) }) }),
  },
  sync: {
    online: true,
    fields: ['timeout?#'],
    run: async (client, { timeout }) => {
      const { received, sent, queued, problem } = await client.do('sync', given('timeout', number(timeout)))
      return { value: { received, sent, queued }, ...(problem === undefined ? {} : { failed: problem }) }
    },
  },
  status: { online: true, fields: [], run: async (client) => ({ rows: statusRows(await client.do('status', {})) }) },
  safety: {
    online: false,
    fields: ['conversation'],
    run: async (client, { conversation }) => ({
      value: await client.do('safety', { conversation: text(conversation) }),
    }),
  },
  verify: {
    online: false,
    fields: ['account'],
    run: async (client, { account }) => ({ value: await client.do('verify', { account: text(account) }) }),
  },
}

/** What is to be said of groups that one has said yes to and is not in; of one of them with `id`. */
function awaitedIn(client: Client, id?: string): readonly string[] {
  const { awaited } = client.snapshot.get()
  return awaited.filter((group) => id === undefined || group.id === id).map(awaitedText)
}

async function send(client: Client, fields: Fields): Promise<Reply> {
  const wait = STATES.find((state) => state === fields['wait'])
  const { message, state, reached } = await client.do('send', {
    conversation: text(fields['conversation']),
    text: text(fields['text']),
    ...given('replyTo', optional(fields['replyTo'])),
    ...given('wait', wait),
    ...given('timeout', number(fields['timeout'])),
  })
  const value = { message, state }
  return reached
    ? { value }
    : { value, failed: `The message is not ${wait ?? 'sent'} yet. It stays queued and is sent later.` }
}

const MARKS = /[?#*!]/g

/** The fields of an untrusted object, or a sentence about what is wrong with them. */
export function checkedFields(action: Action, given: Readonly<Record<string, unknown>>): Fields | string {
  const checked: Record<string, Field | undefined> = {}
  const rest = new Set(Object.keys(given))
  for (const field of action.fields) {
    const name = field.replace(MARKS, '')
    const value = given[name]
    rest.delete(name)
    if (value === undefined && field.includes('?')) continue
    if (!isOf(field, value)) return `The field "${name}" must be ${kindOf(field)}.`
    checked[name] = value as Field
  }
  const role = checked['role']
  if (role !== undefined && role !== 'admin' && role !== 'member') return 'The field "role" must be admin or member.'
  const wait = checked['wait']
  if (wait !== undefined && !STATES.some((state) => state === wait))
    return 'The field "wait" must be queued, sent, delivered or read.'
  return rest.size === 0
    ? checked
    : `There is no field of that name; known are: ${action.fields.map((field) => field.replace(MARKS, '')).join(', ')}.`
}

function isOf(field: string, value: unknown): boolean {
  if (field.includes('#')) return Number.isSafeInteger(value) && Number(value) >= 0
  if (field.includes('!')) return typeof value === 'boolean'
  if (field.includes('*')) return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
  return typeof value === 'string'
}

function kindOf(field: string): string {
  if (field.includes('#')) return 'a whole number'
  if (field.includes('!')) return 'true or false'
  return field.includes('*') ? 'a list of texts' : 'a text'
}

function given<Name extends string, T>(name: Name, value: T | undefined): { [N in Name]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: T }
}

function text(value: Field | undefined): string {
  return String(value ?? '')
}

function optional(value: Field | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

function number(value: Field | undefined): number | undefined {
  return value === undefined ? undefined : Number(value)
}
