import type { Final } from './final.ts'
import type { Findings } from './findings.ts'
import { isOfTheEnd, standingsIn, titleOf } from './membership.ts'
import type { Reading, Roster } from './reading.ts'

/**
 * Everybody who is in a conversation sees the same people in it, with the same names and roles, and each of them sees itself there. And it is
 * those whom the deeds have made members, as what they have made them.
 */
export function rostersEqual(reading: Reading, finals: readonly Final[], findings: Findings): void {
  for (const final of finals) {
    const { members, rosters, isPair, conversation } = final
    const [first, ...others] = members.flatMap((who) => rosters.get(who) ?? [])
    findings.expect(first !== undefined, () => `nobody is in ${conversation.slice(0, 8)}`)
    if (first === undefined) continue
    for (const roster of [first, ...others]) {
      findings.expect(isOfTheEnd(reading, roster), () => `${roster.who} made no list of members at the end`)
    }
    for (const other of others) {
      const [one, two] = [wordsOf(first, isPair), wordsOf(other, isPair)]
      findings.expect(one === two, () => `${first.who} sees ${one}; ${other.who} sees ${two}`)
    }
    expectThemselves(reading, final, first, findings)
    if (isPair) findings.expect(first.members.length === 2, () => `${first.who} sees ${wordsOf(first, true)} in a pair`)
    else expectAsDone(reading, first, findings)
  }
}

function expectThemselves({ accounts }: Reading, { members }: Final, first: Roster, findings: Findings): void {
  const listed = new Set(first.members.map(({ account }) => account))
  for (const [name, account] of accounts) {
    const isIn = members.some((who) => accounts.get(who) === account)
    findings.expect(
      listed.has(account) === isIn,
      () => `${first.who} sees ${name} ${isIn ? 'outside' : 'inside'}, and ${name} itself does not`,
    )
  }
}

/** All agree by now, so what one of them sees is what all see. */
function expectAsDone(reading: Reading, { who, conversation, members, title }: Roster, findings: Findings): void {
  const named = titleOf(reading, conversation)
  findings.expect(named === undefined || named === title, () => `${who} sees "${title}", which was named "${named}"`)
  const names = new Map([...reading.accounts].map(([name, account]) => [account, name]))
  for (const [account, { isIn, role }] of standingsIn(reading, conversation)) {
    const member = members.find((each) => each.account === account)
    const name = names.get(account) ?? account
    findings.expect(
      (member !== undefined) === isIn,
      () => `${who} sees ${name} ${isIn ? 'outside, who came in' : 'inside, who was put out or went'}`,
    )
    findings.expect(
      member === undefined || role === undefined || member.role === role,
      () => `${who} sees ${name} as ${member?.role}, who was made ${role}`,
    )
  }
}

/** The title of a pair is the other's name. */
function wordsOf({ members, title }: Roster, isPair: boolean): string {
  const people = members.map(({ account, name, role, state }) =>
    [name, account.slice(0, 8), role, state].join(' ').trim(),
  )
  return `${isPair ? '' : `"${title}": `}${people.toSorted().join(', ')}`
}
