import type { Line } from '../peers/lines.ts'
import type { Entry } from './entry.ts'

/**
 * The same history with ids where a page told or listed messages, which shows none: by their texts, as others have told them. A message that
 * nobody else ever told of has a name of its own.
 */
export function named(entries: readonly Entry[]): readonly Entry[] {
  const ids = idsByText(entries)
  const asked = new Map<string, string>()
  for (const entry of entries) {
    if (entry.type === 'ask' && entry.do === 'send') asked.set(entry.ref, String(entry.fields['text']))
  }
  const withId = (who: string, line: Line, name: 'id' | 'message', text = line['text']): Line => {
    const { [name]: id } = line
    if (typeof text !== 'string' || id !== undefined) return line
    return { ...line, [name]: ids.get(text) ?? `only at ${who}: ${text}` }
  }
  return entries.map((entry): Entry => {
    if (entry.type === 'told' && entry.line['type'] === 'message')
      return { ...entry, line: withId(entry.who, entry.line, 'id') }
    if (entry.type === 'told' && entry.line['type'] === 'state')
      return { ...entry, line: withId(entry.who, entry.line, 'message') }
    if (entry.type !== 'answer' || !entry.ok) return entry
    const text = asked.get(entry.ref)
    if (text !== undefined) return { ...entry, line: withId(entry.who, entry.line, 'message', text) }
    const { rows } = entry.line
    return Array.isArray(rows)
      ? { ...entry, line: { ...entry.line, rows: (rows as Line[]).map((row) => withId(entry.who, row, 'id')) } }
      : entry
  })
}

function idsByText(entries: readonly Entry[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>()
  const asked = new Map<string, string>()
  const learn = (id: unknown, text: unknown): void => {
    if (typeof id === 'string' && typeof text === 'string' && !ids.has(text)) ids.set(text, id)
  }
  for (const entry of entries) {
    if (entry.type === 'ask' && entry.do === 'send') asked.set(entry.ref, String(entry.fields['text']))
    if (entry.type === 'told') learn(entry.line['id'], entry.line['text'])
    if (entry.type !== 'answer' || !entry.ok) continue
    learn(entry.line['message'], asked.get(entry.ref))
    const { rows } = entry.line
    if (Array.isArray(rows)) for (const { id, text } of rows as Line[]) learn(id, text)
  }
  return ids
}
