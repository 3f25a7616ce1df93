import type { Line } from '../peers/lines.ts'
import type { Entry, Happened } from './entry.ts'

const NAMES: Readonly<Record<string, string>> = { a: 'Alice', b: 'Bob', c: 'Carol', p: 'Phone' }
/** The phone is Alice's. */
const OWNERS: Readonly<Record<string, string>> = { Phone: 'alice' }

/** Writes a history by hand, for tests of the checker. Messages are named by their author's first letter and a number. */
export class Script {
  readonly entries: Entry[] = []
  readonly #conversation: string
  #asked = 0

  constructor(conversation: string) {
    this.#conversation = conversation
  }

  add(who: string, happened: Happened): void {
    this.entries.push({ at: this.entries.length, who, ...happened })
  }

  /** A relay, and people whose terminals are online. */
  setUp(...people: readonly string[]): void {
    this.add('relay', { type: 'start', kind: 'relay' })
    for (const who of people) {
      this.add(who, { type: 'account', account: who.toLowerCase() })
      this.add(who, { type: 'start', kind: 'terminal' })
    }
  }

  /** A further device of somebody. */
  link(device: string, of: string): void {
    this.add(device, { type: 'account', account: accountOf(device), device: device.toLowerCase(), of })
    this.add(device, { type: 'start', kind: 'terminal' })
  }

  ask(who: string, intent: string, fields: Line, line: Line, ok = true): void {
    const ref = `${who}-${++this.#asked}`
    this.add(who, { type: 'ask', ref, do: intent, fields })
    this.add(who, { type: 'answer', ref, ok, line })
  }

  say(id: string): void {
    this.ask(nameOf(id), 'send', this.#send(id), { message: id, state: 'queued' })
  }

  /** It is refused. */
  failToSay(id: string): void {
    this.ask(nameOf(id), 'send', this.#send(id), { message: 'It has ended.' }, false)
  }

  hear(who: string, ...ids: readonly string[]): void {
    for (const id of ids) {
      const message = { id, author: accountOf(nameOf(id)), text: textOf(id) }
      this.add(who, { type: 'told', line: { type: 'message', conversation: this.#conversation, ...message } })
    }
  }

  /** An author is told what its message has reached. */
  state(message: string, state: string): void {
    this.add(nameOf(message), { type: 'told', line: { type: 'state', message, state } })
  }

  /** Rows are written `id state`, gaps `?account`. */
  list(who: string, ...rows: readonly string[]): void {
    this.ask(who, 'messages', { conversation: this.#conversation }, { rows: rows.map(rowOf) })
  }

  /** Members are written `Name role`. */
  roster(who: string, ...members: readonly string[]): void {
    const rows = [{ conversation: this.#conversation, title: 'title', members: members.map(memberOf) }]
    this.ask(who, 'conversations', {}, { rows })
  }

  /** Something that is asked about the conversation and answered with nothing. */
  do(who: string, intent: string, fields: Line = {}): void {
    this.ask(who, intent, { conversation: this.#conversation, ...fields }, {})
  }

  #send(id: string): Line {
    return { conversation: this.#conversation, text: textOf(id) }
  }
}

/** From `id state`, or `?account` for a gap. */
export function rowOf(words: string): Line {
  if (words.startsWith('?')) return { missing: 1, author: words.slice(1) }
  const [id = '', state = ''] = words.split(' ')
  return { id, author: accountOf(nameOf(id)), text: textOf(id), sentAt: '2026-01-01T00:00:00.000Z', state }
}

function accountOf(name: string): string {
  return OWNERS[name] ?? name.toLowerCase()
}

function memberOf(words: string): Line {
  const [name = '', role = 'member'] = words.split(' ')
  return { account: name.toLowerCase(), name, role }
}

function nameOf(id: string): string {
  return NAMES[id.charAt(0)] ?? 'nobody'
}

function textOf(id: string): string {
  return `text ${id}`
}
