import { isAbout } from './membership.ts'
import type { Reading, Roster, Send } from './reading.ts'

/** Whether somebody stands in that list of members. */
export function sees({ accounts }: Reading, roster: Roster, name: string): boolean {
  return roster.members.some(({ account, state }) => account === accounts.get(name) && state !== 'joining')
}

export interface Obligations {
  /** Its author knew them to be in when saying it, and they have been in ever since. */
  isFor(peer: string, send: Send): boolean
  /** They must have it in the end, whatever others have. */
  mustHave(peer: string, send: Send): boolean
}

/**
 * Who must have a message of a group in the end. That is a promise to those whom its author knew to be in when saying it, and who
 * have been in ever since. Whoever is put out, or goes, takes along what has not been sent by then, and has not reached another one of these.
 */
export function obligations(reading: Reading, conversation: string): Obligations {
  const exits = exitsOf(reading, conversation)
  const latest = (who: string, before = Infinity): number =>
    Math.max(-1, ...exits.flatMap((exit) => (exit.who === who && exit.at < before ? [exit.at] : [])))
  /** Since when somebody may be in again: who is put out goes on speaking until it hears of it. */
  const outUntil = (who: string, left: number): number =>
    left < 0 ? left : (entryAfter(reading, { conversation, who, left }) ?? left)
  const known = new Map<string, number>()
  const isFor = (peer: string, { who: author, asked }: Send): boolean => {
    const out = Math.max(outUntil(author, latest(author, asked)), outUntil(peer, latest(peer)))
    const key = JSON.stringify([author, peer, out])
    const since = known.get(key) ?? knownSince(reading, { conversation, author, peer, out })
    known.set(key, since)
    return since < asked
  }
  const isKept = (send: Send): boolean => {
    const exit = exits.find(({ who, at }) => who === send.who && at > send.asked)
    return exit === undefined || wasSent(reading, send, exit.at)
  }
  return { isFor, mustHave: (peer, send) => isFor(peer, send) && isKept(send) }
}

/** When somebody was asked to go, or somebody else to put it out; a device that is revoked is out of everything. */
export function exitsOf(
  { deeds, accounts, devices }: Reading,
  conversation: string,
): readonly { readonly who: string; readonly at: number }[] {
  const names = new Map([...accounts].map(([name, account]) => [account, name]))
  return deeds.flatMap(({ do: name, who, fields, asked }) => {
    if (name === 'device revoke') return [{ who: devices.get(String(fields['device'])) ?? '', at: asked }]
    if (fields['conversation'] !== conversation) return []
    if (name === 'group leave') return [{ who, at: asked }]
    return name === 'group remove' ? [{ who: names.get(String(fields['account'])) ?? '', at: asked }] : []
  })
}

/** When somebody said yes to that group for the first time after it had left. */
function entryAfter(
  { deeds }: Reading,
  { conversation, who, left }: { conversation: string; who: string; left: number },
): number | undefined {
  const entry = deeds.find(
    (deed) => deed.do === 'accept' && deed.who === who && deed.asked > left && isAbout(deed, conversation),
  )
  return entry?.asked
}

interface Acquaintance {
  readonly conversation: string
  readonly author: string
  readonly peer: string
  /** Until when one of them was out for the last time; −1: never. */
  readonly out: number
}

/** From when on `author` knows that `peer` is in: it has listed it as a member, or was told something that it said there. */
function knownSince(reading: Reading, { conversation, author, peer, out }: Acquaintance): number {
  const said = new Map(reading.sends.flatMap(({ id, who, asked }) => (who === peer ? [[id, asked] as const] : [])))
  const heard = reading.told.find(
    (each) => each.who === author && each.conversation === conversation && (said.get(each.id) ?? -1) > out,
  )
  // A list of members may be out of date; it says nothing about somebody who was out in between. And it names accounts, not devices.
  const isNamed = out < 0 && !reading.linked.has(peer)
  const listed = reading.rosters.find(
    (roster) => isNamed && roster.who === author && roster.conversation === conversation && sees(reading, roster, peer),
  )
  return Math.min(heard?.at ?? Infinity, listed?.answered ?? Infinity)
}

function wasSent({ reached }: Reading, { who, id }: Send, before: number): boolean {
  return reached.some((each) => each.who === who && each.id === id && each.state !== 'queued' && each.at < before)
}
