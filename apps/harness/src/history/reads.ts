import type { Final } from './final.ts'
import { quote, type Findings } from './findings.ts'
import type { Reading, Send } from './reading.ts'

/** Whether somebody of that account may have read it by then: at a terminal they say so, and at a page it is read by being shown. */
export function mayHaveRead(reading: Reading, account: string, send: Send, before: number): boolean {
  const { deeds, accounts } = reading
  const isTheirs = (who: string): boolean => accounts.get(who) === account
  return (
    deeds.some(
      (deed) =>
        deed.do === 'read' &&
        isTheirs(deed.who) &&
        deed.fields['conversation'] === send.conversation &&
        deed.asked < before &&
        deed.answered > send.asked,
    ) || isOnPage(reading, isTheirs, send, before)
  )
}

/**
 * What a page shows is written down a moment after it was shown, and after a kill only when it is shown again. A device that was linked says up to
 * where its person has read, and so speaks of what was before its time, too.
 */
function isOnPage(
  { turns, told, listings, sends, linked }: Reading,
  isTheirs: (who: string) => boolean,
  { id, who: author, conversation, asked }: Send,
  before: number,
): boolean {
  const later = new Set(
    sends.flatMap((send) =>
      send.who === author && send.conversation === conversation && send.asked >= asked ? [send.id] : [],
    ),
  )
  const isRead = (page: string, shown: string): boolean => (linked.has(page) ? later.has(shown) : shown === id)
  const pages = new Set(
    turns.flatMap((turn) =>
      turn.type === 'start' && turn.kind === 'page' && isTheirs(turn.who) && turn.index < before ? [turn.who] : [],
    ),
  )
  return (
    told.some((each) => pages.has(each.who) && isRead(each.who, each.id)) ||
    listings.some(({ who, rows }) => pages.has(who) && rows.some((row) => isRead(who, row.id)))
  )
}

/** What others said is new until somebody of that account reads it, and read ever after. */
export function readOnce(reading: Reading, finals: readonly Final[], findings: Findings): void {
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
        // Where somebody came in again, what was there before counts as read.
        const isBack = finals.some((final) => final.conversation === conversation && final.exits.has(who))
        findings.expect(
          isBack || mayHaveRead(reading, account, send, answered),
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
