import type { Listing, Reading, Roster } from './reading.ts'

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
  /** Whether `peer` must have what `author` was asked to say at that moment. */
  mustHave(peer: string, author: string, asked: number): boolean
}

/** Every conversation that was ever spoken of. */
export function finalsOf(reading: Reading): Final[] {
  const all = [...reading.sends, ...reading.listings, ...reading.rosters].map(({ conversation }) => conversation)
  return [...new Set(all)].map((conversation) => finalOf(reading, conversation))
}

function finalOf(reading: Reading, conversation: string): Final {
  const of = <T extends { readonly conversation: string }>(each: T): boolean => each.conversation === conversation
  const listings = new Map(reading.listings.filter(of).map((each) => [each.who, each]))
  const rosters = new Map(reading.rosters.filter(of).map((each) => [each.who, each]))
  const sees = (roster: Roster, name: string): boolean =>
    roster.members.some(({ account, state }) => account === reading.accounts.get(name) && state !== 'joining')
  const members = [...rosters.values()].flatMap((roster) => (sees(roster, roster.who) ? [roster.who] : []))
  // Pairs have no roles.
  const isPair = ![...rosters.values()].some((roster) => roster.members.some(({ role }) => role === 'owner'))
  const since = once((author: string, peer: string) => knownSince(reading, { conversation, author, peer, sees }))
  return {
    conversation,
    members,
    isPair,
    listings,
    rosters,
    mustHave: (peer, author, asked) =>
      peer !== author && members.includes(peer) && (isPair || since(author, peer) < asked),
  }
}

interface Acquaintance {
  readonly conversation: string
  readonly author: string
  readonly peer: string
  sees(roster: Roster, name: string): boolean
}

/** From when on what `author` says is for `peer`, too: it has listed it as a member, or was told something that it said there. */
function knownSince(reading: Reading, { conversation, author, peer, sees }: Acquaintance): number {
  const out = lastExit(reading, conversation, peer)
  const account = reading.accounts.get(peer)
  const said = new Map(reading.sends.map(({ id, asked }) => [id, asked]))
  const heard = reading.told.find(
    (each) =>
      each.who === author &&
      each.conversation === conversation &&
      each.author === account &&
      (said.get(each.id) ?? -1) > out,
  )
  // A list of members may be out of date; it says nothing about somebody who was out in between.
  const listed = reading.rosters.find(
    (roster) => out < 0 && roster.who === author && roster.conversation === conversation && sees(roster, peer),
  )
  return Math.min(heard?.at ?? Infinity, listed?.answered ?? Infinity)
}

/** When somebody was last asked to take `peer` out of a group, or `peer` to leave it; −1: never. */
function lastExit({ deeds, accounts }: Reading, conversation: string, peer: string): number {
  return deeds
    .filter(({ fields }) => fields['conversation'] === conversation)
    .filter(
      (deed) =>
        (deed.do === 'group leave' && deed.who === peer) ||
        (deed.do === 'group remove' && deed.fields['account'] === accounts.get(peer)),
    )
    .reduce((latest, { asked }) => Math.max(latest, asked), -1)
}

/** Works each pair out at most once. */
function once(work: (one: string, other: string) => number): (one: string, other: string) => number {
  const known = new Map<string, number>()
  return (one, other) => {
    const key = JSON.stringify([one, other])
    const value = known.get(key) ?? work(one, other)
    known.set(key, value)
    return value
  }
}
