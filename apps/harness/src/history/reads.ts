import { quote, type Findings } from './findings.ts'
import type { Reading, Send } from './reading.ts'

/**
 * Whether somebody of that account may have read it by then, on a device that has it: at a terminal they say so after it was said, and at a page it is
 * read by being shown.
 */
export function mayHaveRead(reading: Reading, account: string, send: Send, before: number): boolean {
  const { accounts, deeds, turns, told, listings } = reading
  const devices = [...accounts].flatMap(([name, theirs]) => (theirs === account ? [name] : []))
  return devices.some((device) => {
    // What a page shows is noted a moment after it was shown, and what a terminal has stored before it was killed is in its next list only.
    const hasIt =
      told.some(({ who, id }) => who === device && id === send.id) ||
      listings.some(({ who, rows }) => who === device && rows.some(({ id }) => id === send.id))
    const hasRead = deeds.some(
      (deed) =>
        deed.who === device &&
        deed.do === 'read' &&
        deed.fields['conversation'] === send.conversation &&
        deed.asked < before &&
        deed.answered > send.asked,
    )
    const isPage = turns.some(
      (turn) => turn.who === device && turn.type === 'start' && turn.kind === 'page' && turn.index < before,
    )
    return hasIt && (hasRead || isPage)
  })
}

/** What others said is new until somebody of that account reads it, and read ever after. */
export function readOnce(reading: Reading, findings: Findings): void {
  const { listings, sends, accounts, deeds, told } = reading
  const said = new Map(sends.map((send) => [send.id, send]))
  const read = new Set<string>()
  for (const { who, conversation, asked, answered, rows } of listings) {
    const account = accounts.get(who) ?? ''
    const reads = deeds.filter(
      (deed) =>
        deed.do === 'read' && deed.who === who && deed.fields['conversation'] === conversation && deed.answered < asked,
    )
    for (const { id, author, state, text } of rows) {
      const send = said.get(id)
      if (send === undefined || author === account) continue
      const key = JSON.stringify([who, id])
      if (state === 'read') {
        read.add(key)
        findings.expect(
          mayHaveRead(reading, account, send, answered),
          () => `${quote(text)} is read at ${who}, and nobody there has read it`,
        )
        continue
      }
      const wasThere = told.find((each) => each.who === who && each.id === id)?.at ?? Infinity
      findings.expect(
        !read.has(key) && !reads.some((deed) => deed.asked > wasThere),
        () => `${quote(text)} was read at ${who}, and is new again`,
      )
    }
  }
}
