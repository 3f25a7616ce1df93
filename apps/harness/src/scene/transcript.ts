import type { Entry } from '../history/entry.ts'
import type { History } from '../history/history.ts'
import type { Line } from '../peers/lines.ts'

/** A page does not say by which way a message came. */
const VIA: Readonly<Record<string, string>> = {
  direct: ' directly',
  mailbox: ' by way of a relay',
  gossip: ' by gossip',
  sync: ' by way of somebody else',
}

type Tell = (line: object, text: string) => void

/** Tells what people say, hear and know of each other, as it happens. */
export function transcribe(history: History, tell: Tell): void {
  const transcript = new Transcript(tell)
  history.watch((entry) => transcript.take(entry))
}

class Transcript {
  readonly #tell: Tell
  readonly #names = new Map<string, string>()
  /** Texts by message. */
  readonly #texts = new Map<string, string>()
  /** What was asked and not answered: texts by their ref. */
  readonly #asked = new Map<string, string>()
  /** States of messages whose id is not known yet: they are told before the answer. */
  readonly #early = new Map<string, Entry[]>()

  constructor(tell: Tell) {
    this.#tell = tell
  }

  take(entry: Entry): void {
    if (entry.type === 'account') this.#names.set(entry.account, entry.who)
    if (entry.type === 'ask' && entry.do === 'send') this.#asked.set(entry.ref, String(entry.fields['text']))
    if (entry.type === 'answer') this.#learn(entry.line['message'], this.#asked.get(entry.ref))
    if (entry.type === 'told' && entry.line['type'] === 'message') this.#learn(entry.line['id'], entry.line['text'])
    const text = this.#wordsOf(entry)
    if (text !== undefined) {
      this.#tell(entry, `${(entry.at / 1_000).toFixed(2).padStart(7)} s  ${entry.who.padEnd(8)} ${text}`)
    }
  }

  #learn(id: unknown, text: unknown): void {
    if (typeof id !== 'string' || typeof text !== 'string') return
    this.#texts.set(id, text)
    const early = this.#early.get(id) ?? []
    this.#early.delete(id)
    for (const entry of early) this.take(entry)
  }

  #wordsOf(entry: Entry): string | undefined {
    switch (entry.type) {
      case 'start':
        return `starts (${entry.kind})`
      case 'gone':
        return `is gone (${entry.signal})`
      case 'stuck':
        return `waits in vain: ${entry.why}`
      case 'ask':
        return entry.do === 'send' ? `says: ${String(entry.fields['text'])}` : undefined
      case 'told':
        return entry.line['type'] === 'state' ? this.#stateWords(entry, entry.line) : this.#toldWords(entry.line)
      case 'account':
      case 'answer':
        return undefined
    }
  }

  #stateWords(entry: Entry, { message, state }: Line): string | undefined {
    const id = String(message)
    const text = this.#texts.get(id)
    if (text !== undefined) return state === 'queued' ? undefined : `knows that "${text}" is ${String(state)}`
    this.#early.set(id, [...(this.#early.get(id) ?? []), entry])
    return undefined
  }

  #toldWords(line: Line): string | undefined {
    const name = this.#names.get(String(line['account'] ?? line['author'])) ?? 'somebody'
    switch (line['type']) {
      case 'message':
        return `hears ${name}${VIA[String(line['via'])] ?? ''}: ${String(line['text'])}`
      case 'request':
        return line['kind'] === 'group'
          ? `is invited into "${String(line['title'])}" by ${String(line['name'])}`
          : `is greeted by ${String(line['name'])}: ${String(line['message'])}`
      case 'connection':
        return `reaches ${name}: ${String(line['kind'])}`
      case 'notice':
        return `is told: ${String(line['text'])}`
      default:
        return undefined
    }
  }
}
