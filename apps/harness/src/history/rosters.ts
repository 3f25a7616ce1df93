import type { Final } from './final.ts'
import type { Findings } from './findings.ts'
import type { Reading, Roster } from './reading.ts'

/** Everybody who is in a conversation sees the same people in it, with the same names and roles, and each of them sees itself there. */
export function rostersEqual({ accounts }: Reading, finals: readonly Final[], findings: Findings): void {
  for (const { members, rosters, isPair, conversation } of finals) {
    const [first, ...others] = members.flatMap((who) => rosters.get(who) ?? [])
    findings.expect(first !== undefined, () => `nobody is in ${conversation.slice(0, 8)}`)
    if (first === undefined) continue
    for (const other of others) {
      const [one, two] = [wordsOf(first, isPair), wordsOf(other, isPair)]
      findings.expect(one === two, () => `${first.who} sees ${one}; ${other.who} sees ${two}`)
    }
    const listed = new Set(first.members.map(({ account }) => account))
    for (const [name, account] of accounts) {
      const isIn = members.some((who) => accounts.get(who) === account)
      findings.expect(
        listed.has(account) === isIn,
        () => `${first.who} sees ${name} ${isIn ? 'outside' : 'inside'}, and ${name} itself does not`,
      )
    }
  }
}

/** The title of a pair is the other's name. */
function wordsOf({ members, title }: Roster, isPair: boolean): string {
  const people = members.map(({ account, name, role, state }) =>
    [name, account.slice(0, 8), role, state].join(' ').trim(),
  )
  return `${isPair ? '' : `"${title}": `}${people.toSorted().join(', ')}`
}
