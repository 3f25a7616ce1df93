import type { Line } from './lines.ts'
import type { Online } from './online.ts'
import type { Person } from './stage.ts'
import type { Terminal } from './terminal.ts'

/** One of them invites, the other joins with `hello`, and is accepted: with the commands that people type. Answers the conversation. */
export async function becomeContacts(inviter: Person, joiner: Person, hello: string): Promise<string> {
  const [{ link } = {}] = await inviter.sotto('invite')
  const [{ conversation, state, inviter: seen } = {}] = await joiner.sotto('join', String(link), '--message', hello)
  if (state !== 'requested' || seen !== inviter.name) throw new Error('The hello was not taken as a request.')
  await inviter.sotto('sync')
  const [request] = await inviter.sotto('requests')
  if (request?.['name'] !== joiner.name || request['message'] !== hello) throw new Error('The request is another one.')
  const [accepted] = await inviter.sotto('accept', String(request['id']))
  if (accepted?.['conversation'] !== conversation) throw new Error('They are not in the same conversation.')
  return String(conversation)
}

/** The same between two who are both online. */
export async function meet(inviter: Online, joiner: Online, hello: string): Promise<string> {
  const { link } = await inviter.ask('invite')
  const { conversation } = await joiner.ask('join', { link, message: hello })
  const { id } = await inviter.until({ type: 'request', message: hello })
  await inviter.ask('accept', { id })
  return String(conversation)
}

/** A message as `messages` lists it. */
export interface Message {
  readonly id: string
  readonly author: string
  readonly text: string
  readonly state: string
}

/** Everything that is shown of a conversation, in order. Throws for a gap. */
export async function messagesOf(at: Terminal, conversation: string): Promise<readonly Message[]> {
  return readMessages(await at.sotto('messages', conversation, '--limit', '10000'))
}

export function readMessages(rows: readonly Line[]): readonly Message[] {
  return rows.map((row) => {
    if ('missing' in row) throw new Error(`${String(row['missing'])} messages are missing.`)
    return row as unknown as Message
  })
}
