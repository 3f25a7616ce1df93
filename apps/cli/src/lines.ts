import type { Fact, RequestSnapshot } from '@sotto/client'
import { lineText } from './line-text.ts'
import { called } from './names.ts'
import { printable } from './printable.ts'
import { iso, messageRow, requestRow } from './rows.ts'

/** A fact as `run --json` prints it. */
export function factLine(fact: Fact): object {
  switch (fact.type) {
    case 'request':
      return { type: 'request', ...requestRow(fact.request) }
    case 'message': {
      const { id, author, text, sentAt } = fact.message
      return { type: 'message', conversation: fact.conversation, id, author, text, sentAt: iso(sentAt), via: fact.via }
    }
    case 'state':
      return { type: 'state', message: fact.message, state: fact.state }
    case 'line':
      return { type: 'line', conversation: fact.conversation, ...messageRow(fact.line) }
    case 'ready':
    case 'connection':
    case 'notice':
      return fact
  }
}

/** A fact as `run` says it to a person. */
export function factText(fact: Fact, names?: ReadonlyMap<string, string>): string {
  switch (fact.type) {
    case 'ready':
      return 'Online. Ctrl-C ends.'
    case 'request':
      return `${requestText(fact.request)}\n  To accept, type here: accept ${fact.request.id}`
    case 'message':
      return `${fact.conversation.slice(0, 8)} ${printable(called(fact.message.author, names))}: ${printable(fact.message.text)}`
    case 'state':
      return `${fact.message.slice(0, 8)} is ${fact.state}`
    case 'line':
      return `${fact.conversation.slice(0, 8)} ${lineText({ ...fact.line }, namesOf(fact))}`
    case 'connection':
      return `${printable(called(fact.account, names))}: ${fact.kind}`
    case 'notice':
      return printable(fact.text)
  }
}

/** As the fact has them: who is out stands in no list of members. */
function namesOf({ names }: Extract<Fact, { type: 'line' }>): ReadonlyMap<string, string> {
  return new Map(names.flatMap(({ account, name }) => (name === '' ? [] : [[account, name] as const])))
}

function requestText({ kind, name, message, title = '' }: RequestSnapshot): string {
  if (kind === 'group') return `${printable(name)} invites you into the group ${printable(title)}.`
  return `${printable(name)} says hello: ${printable(message)}`
}
