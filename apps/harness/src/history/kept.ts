import { quote, type Findings } from './findings.ts'
import type { Reading } from './reading.ts'

interface Held {
  readonly who: string
  readonly id: string
  readonly at: number
}

/** What somebody has once been told, has listed, or has said, stands in every list that it makes afterwards, whatever was killed in between. */
export function nothingVanishes(reading: Reading, findings: Findings): void {
  const { sends, listings } = reading
  const said = new Map(sends.map((send) => [send.id, send]))
  const held = Map.groupBy(heldIn(reading), ({ who, id }) => JSON.stringify([who, said.get(id)?.conversation]))
  for (const { who, conversation, asked, rows } of listings) {
    const there = new Set(rows.map(({ id }) => id))
    const before = (held.get(JSON.stringify([who, conversation])) ?? []).filter(({ at }) => at < asked)
    for (const id of new Set(before.map((each) => each.id))) {
      findings.expect(there.has(id), () => `${who} had ${quote(said.get(id)?.text)}, and has not got it any more`)
    }
  }
}

/** From when on somebody is known to have something. */
function heldIn({ told, reached, listings, sends }: Reading): Held[] {
  const authors = new Map(sends.map(({ id, who }) => [id, who]))
  return [
    ...told,
    ...reached.filter(({ who, id }) => authors.get(id) === who),
    ...listings.flatMap(({ who, rows, answered }) => rows.map(({ id }) => ({ who, id, at: answered }))),
    ...sends.flatMap(({ who, id, kept }) => (id === undefined || kept === undefined ? [] : [{ who, id, at: kept }])),
  ]
}
