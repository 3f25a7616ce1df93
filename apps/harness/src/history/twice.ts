import { quote, type Findings } from './findings.ts'
import type { Reading } from './reading.ts'

/** No message stands twice in a list, under one id or two, and none is told twice, whatever was killed in between. */
export function nothingTwice({ listings, told, sends }: Reading, findings: Findings): void {
  const asked = new Map<string, number>()
  for (const { text } of sends) asked.set(text, (asked.get(text) ?? 0) + 1)
  for (const { who, rows } of listings) {
    const ids = new Set<string>()
    const texts = new Set<string>()
    for (const { id, text } of rows) {
      findings.expect(!ids.has(id), () => `${who} lists ${quote(text)} twice`)
      findings.expect(
        asked.get(text) !== 1 || !texts.has(text),
        () => `${quote(text)} was said once, and ${who} lists two`,
      )
      ids.add(id)
      texts.add(text)
    }
  }
  const heard = new Set<string>()
  for (const { who, id, text } of told) {
    const key = `${who} ${id}`
    const isNew = !heard.has(key)
    findings.expect(isNew, () => `${who} was told of ${quote(text)} twice`)
    heard.add(key)
    const sameText = JSON.stringify([who, text])
    findings.expect(
      asked.get(text) !== 1 || !heard.has(sameText) || !isNew,
      () => `${quote(text)} was said once, and ${who} was told of two`,
    )
    heard.add(sameText)
  }
}
