import { lineText } from './line-text.ts'
import { called } from './names.ts'
import { printable } from './printable.ts'

type Row = Readonly<Record<string, unknown>>

/** An answer for a person. The objects are our own, of {@link Reply}'s shapes. */
export function replyText(name: string, answer: object, names?: ReadonlyMap<string, string>): string {
  const row = answer as Row
  const text = (field: string): string => printable(textOf(row[field]))
  switch (name) {
    case 'invite':
      return `${text('link')}\nGood until ${text('expires')}, for ${text('uses')} ${row['uses'] === 1 ? 'person' : 'people'}.`
    case 'invitations':
      return `${text('invitation')}  ${text('state')} (${text('used')} of ${text('uses')} used), until ${text('expires')}`
    case 'join':
      return `Said hello to ${text('inviter')}. Conversation ${text('conversation')}`
    case 'requests':
      return requestText(row, text)
    case 'accept':
    case 'group create':
      return `Conversation ${text('conversation')}`
    case 'conversations':
      return conversationText(row, text)
    case 'device list':
      return `${text('device')}  since ${text('addedAt')}${deviceNote(row)}`
    case 'device link':
      return `Linked ${text('device')}.`
    case 'settings':
      return settingsText(row, text)
    case 'send':
      return `${text('message')}  ${text('state')}`
    case 'messages':
      if ('line' in row) return `    ${lineText(row, names)}`
      if ('missing' in row) return missingText(Number(row['missing']), printable(called(text('author'), names)))
      return `${text('sentAt')}  ${printable(called(text('author'), names))}: ${text('text')}  (${row['unsent'] === true ? 'not sent' : text('state')})`
    case 'sync':
      return `Received ${text('received')}, sent ${text('sent')}, ${text('queued')} still queued.`
    case 'safety':
    case 'verify':
      return `${text('safetyNumber').replace(/(\d{5})(?=\d)/g, '$1 ')}\n${row['verified'] === true ? 'Verified.' : 'Not verified yet.'}`
    case 'status':
      return statusText(row, text)
    default:
      return 'Done.'
  }
}

function missingText(count: number, author: string): string {
  const what = count === 1 ? `a message by ${author} is` : `${count} messages by ${author} are`
  return `    … ${what} missing …`
}

function deviceNote({ current, retired }: Row): string {
  const words = [current === true ? 'this one' : '', retired === true ? 'out' : ''].filter((word) => word !== '')
  return words.length === 0 ? '' : `  (${words.join(', ')})`
}

const PHASES: Readonly<Record<string, string>> = { ended: '  (ended)', requested: '  (waits for a yes)' }

/** With the accounts of everybody in it: other commands ask for them. */
function conversationText(row: Row, text: (field: string) => string): string {
  const isNew = Number(row['unread']) > 0 ? `  (${text('unread')} new)` : ''
  const first = `${text('conversation')}  ${text('title')}${PHASES[textOf(row['phase'])] ?? ''}${isNew}`
  const members = Array.isArray(row['members']) ? (row['members'] as Row[]) : []
  const lines = members.map((member) => {
    const about = [member['role'], member['state']].map(textOf).filter((word) => word !== '' && word !== 'member')
    const what = about.length === 0 ? '' : `  (${about.join(', ')})`
    return `    ${textOf(member['account'])}  ${printable(textOf(member['name']))}${what}`
  })
  return [first, ...lines].join('\n')
}

function settingsText(row: Row, text: (field: string) => string): string {
  const relays = Array.isArray(row['relays']) ? row['relays'].map((relay) => `Relay: ${printable(String(relay))}`) : []
  return [`Name: ${text('name')}`, ...relays, `Relays only: ${row['relaysOnly'] === true ? 'on' : 'off'}`].join('\n')
}

function statusText(row: Row, text: (field: string) => string): string {
  if ('group' in row) return awaitedText(row)
  if ('relay' in row) return `relay ${text('relay')}  ${row['reachable'] === true ? 'reachable' : 'not reachable'}`
  if ('kind' in row) return `account ${text('account')}  ${text('kind')}`
  return `${text('waiting')} waiting for ${text('for')}: ${text('because')}`
}

/** What a person is told of a group that they are not in yet, or not any more. */
export function awaitedText(awaited: object): string {
  const row = awaited as Row
  const [name, title] = [printable(textOf(row['name'])), printable(textOf(row['title']))]
  if (row['state'] === 'waiting') return `Waiting to be let in by ${name}: ${title}`
  return `${name} has taken back the invitation into ${title}. To be told no more: decline ${textOf(row['id'])}`
}

/** Our own values: texts, numbers and yes or no. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

function requestText(row: Row, text: (field: string) => string): string {
  const said =
    row['kind'] === 'group'
      ? `${text('name')} invites you into the group ${text('title')}`
      : `${text('name')}: ${text('message')}`
  return `${text('id')}  ${said}`
}
