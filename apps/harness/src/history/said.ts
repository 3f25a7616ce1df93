import { quote, type Findings } from './findings.ts'
import type { Reading } from './reading.ts'

interface Seen {
  readonly who: string
  readonly conversation: string
  readonly id: string
  readonly author: string
  readonly text: string
}

/** Whatever anybody was ever told or has listed was said, word for word, by whom it names, and there. */
export function saidAsShown(reading: Reading, findings: Findings): void {
  const { sends, greetings, accounts } = reading
  const said = new Map(sends.flatMap((send) => (send.id === undefined ? [] : [[send.id, send] as const])))
  const hellos = new Set(greetings.map(({ who, text }) => JSON.stringify([accounts.get(who), text])))
  for (const { who, conversation, id, author, text } of seen(reading)) {
    const send = said.get(id)
    if (send === undefined) {
      findings.expect(
        hellos.has(JSON.stringify([author, text])),
        () => `${who} was shown ${quote(text)}, which nobody has said`,
      )
      continue
    }
    findings.expect(
      send.text === text && accounts.get(send.who) === author,
      () => `${who} was shown ${quote(text)} in place of ${quote(send.text)} of ${send.who}`,
    )
    findings.expect(
      send.conversation === conversation,
      () => `${who} was shown ${quote(text)} in another conversation than that in which ${send.who} said it`,
    )
  }
}

function seen({ told, listings }: Reading): Seen[] {
  const listed = listings.flatMap(({ who, conversation, rows }) => rows.map((row) => ({ ...row, who, conversation })))
  return [...told, ...listed]
}
