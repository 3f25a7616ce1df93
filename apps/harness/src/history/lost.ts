import type { Final } from './final.ts'
import { quote, type Findings } from './findings.ts'
import type { Listing, Reading, Row, Send } from './reading.ts'

/** What was kept is with everybody who must have it, unchanged; and nothing is there that nobody said. */
export function nothingLost(reading: Reading, finals: readonly Final[], findings: Findings): void {
  for (const why of reading.stuck) findings.expect(false, () => `It did not come to rest: ${why}`)
  for (const { who, conversation, text, refused, kept, asked } of reading.sends) {
    const isAnswered = kept !== undefined || refused !== undefined
    const mayEnd = reading.turns.some((turn) => turn.who === who && turn.type === 'gone' && turn.index > asked)
    findings.expect(isAnswered || mayEnd, () => `${who} never answered whether it has kept ${quote(text)}`)
    const mayGo = finals.some((final) => final.conversation === conversation && final.exits.has(who))
    if (refused !== undefined) findings.expect(mayGo, () => `${who} did not take ${quote(text)}: ${refused}`)
  }
  for (const final of finals) {
    const authors = reading.sends.flatMap((send) => (send.conversation === final.conversation ? [send.who] : []))
    for (const who of new Set([...final.members, ...authors])) expectList(reading, final, who, findings)
    for (const send of reading.sends) {
      if (send.conversation === final.conversation) expectSaid(reading, final, send, findings)
    }
    for (const [who, { rows }] of final.listings) {
      for (const [author, account] of reading.accounts) {
        // The first device of an account has what the others say, too.
        if (reading.linked.has(author) || account === reading.accounts.get(who)) continue
        expectNoHole(final, { who, author, rows: rows.filter((row) => row.author === account) }, findings)
      }
    }
  }
}

/** A list that was made after everything was said, without a gap. */
function expectList({ sends, accounts }: Reading, final: Final, who: string, findings: Findings): void {
  const listing = final.listings.get(who)
  const last = Math.max(-1, ...sends.flatMap((send) => (send.conversation === final.conversation ? send.asked : [])))
  findings.expect(listing !== undefined && listing.asked > last, () => `${who} made no list at the end`)
  const isOut = final.exits.has(who) && !final.members.includes(who)
  // Whoever goes takes along what nobody has got; of those who stay, everything must be there, and whatever one of them has.
  const staying = new Set(final.members.map((member) => accounts.get(member)))
  const isWhole =
    listing?.gapsOf.every((account) => !staying.has(account) && !isElsewhere(final, listing, account)) === true
  findings.expect(isOut || isWhole, () => `${who} misses ${listing?.missing ?? 'all'} messages that it knows of`)
}

/**
 * Another one who is in has all that this one has of somebody, and nothing missing: so it has what is missing here. Whom that one never knew to be in
 * misses what was before, to which it has no right.
 */
function isElsewhere(final: Final, listing: Listing, account: string): boolean {
  if (!final.isAddressed(listing.who, account)) return false
  const own = listing.rows.filter((row) => row.author === account)
  return final.members.some((member) => {
    const theirs = final.listings.get(member)
    if (member === listing.who || theirs === undefined) return false
    const ids = new Set(theirs.rows.map(({ id }) => id))
    return own.every(({ id }) => ids.has(id)) && !theirs.gapsOf.includes(account)
  })
}

function expectSaid(reading: Reading, final: Final, send: Send, findings: Findings): void {
  const { who: author, text, id, kept, asked } = send
  const own = final.listings.get(author)
  const isThere = own?.rows.some((row) => row.id === id) === true
  // Nothing leaves before it is kept.
  const hasLeft = reading.told.some((each) => each.who !== author && each.id === id)
  if ((kept !== undefined || hasLeft) && own !== undefined)
    findings.expect(isThere, () => `${author} has lost its own ${quote(text)}`)
  if (id === undefined || (kept === undefined && !isThere)) return
  for (const [peer, { rows }] of final.listings) {
    const row = rows.find((each) => each.id === id)
    const holders = final.holdersFor(peer, send)
    if (final.mustHave(peer, send) || holders.length > 0) {
      findings.expect(row !== undefined, () => `${peer} has not got ${quote(text)} of ${author}${whoHas(holders)}`)
      findings.expect(
        row === undefined || wasTold(reading, peer, id, asked),
        () => `${peer} was not told of ${quote(text)}`,
      )
    }
    const isSame = row?.text === text && row.author === reading.accounts.get(author)
    findings.expect(row === undefined || isSame, () => `${peer} has ${quote(row?.text)} in place of ${quote(text)}`)
  }
}

function whoHas(holders: readonly string[]): string {
  return holders.length === 0 ? '' : `, which ${holders.join(' and ')} has`
}

/** A process that is killed may have stored what it had no time to tell; a page is not asked to tell. */
function wasTold({ told, turns }: Reading, who: string, id: string, asked: number): boolean {
  return (
    told.some((each) => each.who === who && each.id === id) ||
    turns.some((turn) => turn.who === who && turn.index > asked) ||
    turns.some((turn) => turn.who === who && turn.type === 'start' && turn.kind === 'page')
  )
}

/** Of an author's messages one may miss the first (came later) and the last (was out before), and none between, unless one was out. */
function expectNoHole(
  final: Final,
  { who, author, rows }: { who: string; author: string; rows: readonly Row[] },
  findings: Findings,
): void {
  const all = final.listings.get(author)?.rows.map(({ id }) => id)
  const [first] = rows
  if (all === undefined || first === undefined) return
  const held = new Set(rows.map(({ id }) => id))
  const own = all.filter((id) => held.has(id))
  for (const { id, text } of rows) {
    findings.expect(all.includes(id), () => `${who} has ${quote(text)} of ${author}, who has not said it`)
  }
  if (final.exits.has(who)) return
  const said = final.listings.get(author)?.rows.filter((row) => row.author === first.author) ?? []
  const from = said.findIndex(({ id }) => id === own.at(0))
  const to = said.findIndex(({ id }) => id === own.at(-1))
  for (const { id, text } of said.slice(from, to)) {
    findings.expect(held.has(id), () => `${who} has what ${author} said before and after ${quote(text)}, and not that`)
  }
}
