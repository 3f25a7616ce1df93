import { exitsOf, obligations, sees } from './obligations.ts'
import type { Listing, Reading, Roster, Send } from './reading.ts'

/** How a conversation stands at the end. */
export interface Final {
  readonly conversation: string
  /** Names of those who see themselves in it. */
  readonly members: readonly string[]
  readonly isPair: boolean
  /** The last list of everybody who ever made one. */
  readonly listings: ReadonlyMap<string, Listing>
  /** The last word of everybody about who is in it. */
  readonly rosters: ReadonlyMap<string, Roster>
  /** Names of those who were ever put out, or asked to go. */
  readonly exits: ReadonlySet<string>
  /** Whether `peer` must have it in the end. */
  mustHave(peer: string, send: Send): boolean
  /** Of those who are in, who else has it, when it was for `peer` too: what its author does not give any more, these do. */
  holdersFor(peer: string, send: Send): readonly string[]
  /** Whether somebody of that account has said anything that was for `peer`. */
  isAddressed(peer: string, account: string): boolean
}

/** Every conversation that was ever spoken of. */
export function finalsOf(reading: Reading): Final[] {
  const all = [...reading.sends, ...reading.listings, ...reading.rosters].map(({ conversation }) => conversation)
  return [...new Set(all)].map((conversation) => finalOf(reading, conversation))
}

function finalOf(reading: Reading, conversation: string): Final {
  const of = <T extends { readonly conversation: string }>(each: T): boolean => each.conversation === conversation
  const listings = new Map(reading.listings.filter(of).map((each) => [each.who, each]))
  const rosters = new Map(
    lastRosters(reading)
      .filter(of)
      .map((each) => [each.who, each]),
  )
  const revoked = revokedIn(reading)
  const members = [...rosters.values()].flatMap((roster) =>
    sees(reading, roster, roster.who) && !revoked.has(roster.who) ? [roster.who] : [],
  )
  // Pairs have no roles.
  const isPair = ![...rosters.values()].some((roster) => roster.members.some(({ role }) => role === 'owner'))
  const { isFor, mustHave } = obligations(reading, conversation)
  const exits = new Set(exitsOf(reading, conversation).map(({ who }) => who))
  // In a pair whoever set up a home has everything; what was said before a device was linked is not that one's.
  const isOwed = (peer: string, author: string): boolean => isPair && !reading.linked.has(peer) && !exits.has(author)
  return {
    conversation,
    members,
    isPair,
    listings,
    rosters,
    exits,
    mustHave: (peer, send) =>
      peer !== send.who && members.includes(peer) && (isOwed(peer, send.who) || mustHave(peer, send)),
    isAddressed: (peer, account) =>
      reading.sends.some((send) => of(send) && reading.accounts.get(send.who) === account && isFor(peer, send)),
    holdersFor: (peer, send) =>
      peer === send.who || !members.includes(peer) || !isFor(peer, send)
        ? []
        : members.filter(
            (other) => other !== peer && listings.get(other)?.rows.some(({ id }) => id === send.id) === true,
          ),
  }
}

/** Names of devices that were revoked; on their own disks they are in as before. */
function revokedIn({ deeds, devices }: Reading): ReadonlySet<string> {
  return new Set(
    deeds.flatMap((deed) => (deed.do === 'device revoke' ? (devices.get(String(deed.fields['device'])) ?? []) : [])),
  )
}

/** What everybody's last list of conversations says. */
function lastRosters({ rosters, deeds }: Reading): readonly Roster[] {
  const last = new Map(deeds.flatMap((deed) => (deed.do === 'conversations' ? [[deed.who, deed.answered]] : [])))
  return rosters.filter(({ who, answered }) => last.get(who) === answered)
}
