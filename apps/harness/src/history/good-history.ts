import type { Line } from '../peers/lines.ts'
import type { Entry, Happened } from './entry.ts'

/** A history in which all is well, for tests that plant something into it: two people, a relay, four messages, two kills. */
export function goodHistory(): Entry[] {
  const entries: Entry[] = []
  const add = (who: string, happened: Happened): void => void entries.push({ at: entries.length, who, ...happened })
  let asked = 0
  const ask = (who: string, intent: string, fields: Line, line: Line): void => {
    const ref = `${who}-${++asked}`
    add(who, { type: 'ask', ref, do: intent, fields })
    add(who, { type: 'answer', ref, ok: true, line })
  }
  const say = (who: string, id: string): void =>
    ask(who, 'send', { conversation: 'pair', text: textOf(id) }, { message: id, state: 'queued' })
  const tell = (who: string, line: Line): void => add(who, { type: 'told', line })
  const hear = (who: string, id: string): void =>
    tell(who, { type: 'message', conversation: 'pair', id, author: authorOf(id), text: textOf(id) })
  const state = (who: string, message: string, reached: string): void =>
    tell(who, { type: 'state', message, state: reached })
  const list = (who: string, ...rows: string[]): void =>
    ask(who, 'messages', { conversation: 'pair' }, { rows: rows.map((row) => rowOf(row)) })
  const roster = (who: string): void => ask(who, 'conversations', {}, { rows: [PAIR] })

  add('relay', { type: 'start', kind: 'relay' })
  for (const who of ['Alice', 'Bob']) add(who, { type: 'account', account: who.toLowerCase() })
  for (const who of ['Alice', 'Bob']) add(who, { type: 'start', kind: 'terminal' })
  for (const who of ['Alice', 'Bob']) roster(who)
  say('Alice', 'a1')
  state('Alice', 'a1', 'sent')
  hear('Bob', 'a1')
  state('Alice', 'a1', 'delivered')
  list('Bob', 'a1 received')
  say('Bob', 'b1') // has seen a1
  hear('Alice', 'b1')
  state('Bob', 'b1', 'delivered')
  add('Bob', { type: 'gone', signal: 'SIGKILL' })
  say('Alice', 'a2') // has seen b1
  state('Alice', 'a2', 'sent')
  add('Alice', { type: 'gone', signal: 'SIGKILL' })
  add('relay', { type: 'gone', signal: 'SIGKILL' })
  add('relay', { type: 'start', kind: 'relay' })
  add('Bob', { type: 'start', kind: 'terminal' })
  ask('Bob', 'sync', {}, {})
  hear('Bob', 'a2')
  list('Bob', 'a1 received', 'b1 delivered', 'a2 received')
  add('Alice', { type: 'start', kind: 'terminal' })
  state('Alice', 'a2', 'delivered')
  ask('Bob', 'read', { conversation: 'pair' }, {})
  state('Alice', 'a2', 'read')
  say('Alice', 'a3')
  hear('Bob', 'a3')
  state('Alice', 'a3', 'delivered')
  list('Alice', 'a1 read', 'b1 received', 'a2 read', 'a3 delivered')
  list('Bob', 'a1 read', 'b1 delivered', 'a2 read', 'a3 received')
  for (const who of ['Alice', 'Bob']) roster(who)
  return entries
}

const PAIR = {
  conversation: 'pair',
  title: 'the other',
  members: [
    { account: 'alice', name: 'Alice', role: 'member' },
    { account: 'bob', name: 'Bob', role: 'member' },
  ],
}

function authorOf(id: string): string {
  return id.startsWith('a') ? 'alice' : 'bob'
}

function textOf(id: string): string {
  return `text ${id}`
}

/** From `id state`. */
export function rowOf(words: string): Line {
  const [id = '', state = ''] = words.split(' ')
  return { id, author: authorOf(id), text: textOf(id), sentAt: '2026-01-01T00:00:00.000Z', state }
}
