import type { Entry } from '../history/entry.ts'
import type { History } from '../history/history.ts'
import type { Line } from '../peers/lines.ts'

/** Which message a text is. */
export interface Place {
  readonly id: string
  readonly conversation: string
}

/** Ids of messages by their texts, which a scene does not say twice; for a page, which shows no ids. */
export class Texts {
  readonly #places = new Map<string, Place>()
  readonly #asked = new Map<string, { readonly do: string; readonly fields: Line }>()

  constructor(history: History) {
    history.watch((entry) => this.#learn(entry))
  }

  placeOf(text: string): Place | undefined {
    return this.#places.get(text)
  }

  #learn(entry: Entry): void {
    if (entry.type === 'ask') this.#asked.set(entry.ref, entry)
    if (entry.type === 'told' && entry.line['type'] === 'message') this.#note(entry.line, entry.line['conversation'])
    if (entry.type !== 'answer' || !entry.ok) return
    const { fields = {}, do: intent } = this.#asked.get(entry.ref) ?? {}
    const { message, rows } = entry.line
    if (intent === 'send') this.#note({ id: message, text: fields['text'] }, fields['conversation'])
    if (intent === 'messages') for (const row of rows as Line[]) this.#note(row, fields['conversation'])
  }

  #note({ id, text }: Line, conversation: unknown): void {
    if (typeof id !== 'string' || typeof text !== 'string' || this.#places.has(text)) return
    this.#places.set(text, { id, conversation: String(conversation) })
  }
}
