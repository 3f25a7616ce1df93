import type { Line } from '../peers/lines.ts'
import type { Entry } from './entry.ts'
import { named } from './named.ts'
import { sendsOf } from './sends.ts'

// Moments are positions in the history: what the harness saw first happened first, as far as anybody can tell.

/** A message as `messages` lists it. */
export interface Row {
  readonly id: string
  readonly author: string
  readonly text: string
  readonly state: string
}

/** What somebody was asked to say. Neither `kept` nor `refused`: it was not answered, and may have been said or not. */
export interface Send {
  readonly who: string
  readonly conversation: string
  readonly text: string
  readonly asked: number
  /** When it was asked, in milliseconds since the scenario began. */
  readonly time: number
  readonly kept?: number
  /** Why. */
  readonly refused?: string
  readonly id?: string
}

/** What somebody listed. `missing`: messages that are known to exist and were not there. */
export interface Listing {
  readonly who: string
  readonly conversation: string
  readonly asked: number
  readonly answered: number
  readonly rows: readonly Row[]
  readonly missing: number
  /** Accounts whose messages are missing there, once for each gap. */
  readonly gapsOf: readonly string[]
  /** Of the rows, those that stand after a gap: they were shown without what they stand on, and are not seen as others are. */
  readonly besideGap: ReadonlySet<string>
}

export interface Member {
  readonly account: string
  readonly name: string
  readonly role: string
  /** Not in yet, or not out yet. */
  readonly state?: string
}

/** What somebody's `conversations` said of one of them. */
export interface Roster {
  readonly who: string
  readonly conversation: string
  readonly title: string
  readonly members: readonly Member[]
  readonly answered: number
}

/** Somebody else's message, told to `who` as it came. */
export interface Told {
  readonly who: string
  readonly conversation: string
  readonly id: string
  readonly author: string
  readonly text: string
  readonly at: number
  /** Milliseconds since the scenario began. */
  readonly time: number
}

/** What `who` said that its own message has reached. */
export interface Reached {
  readonly who: string
  readonly id: string
  readonly state: string
  readonly at: number
}

/** The first words to somebody, with an invitation. */
export interface Greeting {
  readonly who: string
  readonly text: string
}

/** An intent that was carried out. */
export interface Deed {
  readonly who: string
  readonly do: string
  readonly fields: Line
  readonly line: Line
  readonly asked: number
  readonly answered: number
}

/** A history, read once. */
export interface Reading {
  /** Account by name. */
  readonly accounts: ReadonlyMap<string, string>
  /** Names by device. */
  readonly devices: ReadonlyMap<string, string>
  /** Names of devices that were linked to another one of their account. */
  readonly linked: ReadonlySet<string>
  readonly sends: readonly Send[]
  readonly listings: readonly Listing[]
  readonly rosters: readonly Roster[]
  readonly told: readonly Told[]
  readonly reached: readonly Reached[]
  readonly deeds: readonly Deed[]
  readonly greetings: readonly Greeting[]
  /** Every start and end of a process. */
  readonly turns: readonly (Entry & { readonly type: 'start' | 'gone'; readonly index: number })[]
  readonly stuck: readonly string[]
}

export function read(history: readonly Entry[]): Reading {
  const entries = named(history)
  const homes = entries.flatMap((entry) => (entry.type === 'account' ? [entry] : []))
  const accounts = new Map(homes.map(({ who, account }) => [who, account]))
  const deeds = deedsOf(entries)
  const listings = deeds.filter((deed) => deed.do === 'messages').map(listingOf)
  const lines = entries.flatMap((entry, at) =>
    entry.type === 'told' ? [{ who: entry.who, line: entry.line, at, time: entry.at }] : [],
  )
  const told = lines
    .filter(({ line }) => line['type'] === 'message')
    .map(({ line, ...rest }) => ({ ...(line as unknown as Told), ...rest }))
  const sends = sendsOf({ entries, deeds, listings, told, accounts })
  return {
    accounts,
    devices: new Map(homes.flatMap(({ who, device }) => (device === undefined ? [] : [[device, who]]))),
    linked: new Set(homes.flatMap(({ who, of }) => (of === undefined ? [] : [who]))),
    deeds,
    greetings: deeds.flatMap(({ who, do: name, fields }) =>
      name === 'join' ? [{ who, text: String(fields['message']) }] : [],
    ),
    listings,
    sends,
    rosters: deeds.filter((deed) => deed.do === 'conversations').flatMap(rostersOf),
    told,
    reached: reachedOf({ lines, deeds, listings, accounts, sends }),
    turns: entries.flatMap((entry, index) =>
      entry.type === 'start' || entry.type === 'gone' ? [{ ...entry, index }] : [],
    ),
    stuck: entries.flatMap((entry) => (entry.type === 'stuck' ? [`${entry.who}: ${entry.why}`] : [])),
  }
}

function deedsOf(entries: readonly Entry[]): Deed[] {
  const answers = new Map<string, number>()
  for (const [at, entry] of entries.entries()) if (entry.type === 'answer' && entry.ok) answers.set(entry.ref, at)
  return entries.flatMap((entry, asked): Deed[] => {
    const answered = entry.type === 'ask' ? answers.get(entry.ref) : undefined
    const answer = answered === undefined ? undefined : entries[answered]
    if (entry.type !== 'ask' || answered === undefined || answer?.type !== 'answer') return []
    return [{ who: entry.who, do: entry.do, fields: entry.fields, line: answer.line, asked, answered }]
  })
}

function listingOf({ who, fields, line, asked, answered }: Deed): Listing {
  const all = line['rows'] as Line[]
  const rows = all.filter((row) => typeof row['id'] === 'string' && 'text' in row) as unknown as Row[]
  const missing = all.reduce((sum, row) => sum + Number(row['missing'] ?? 0), 0)
  const gapsOf = all.flatMap((row) => ('missing' in row ? [String(row['author'])] : []))
  const gap = all.findIndex((row) => 'missing' in row)
  const besideGap = new Set(gap < 0 ? [] : all.slice(gap).flatMap(({ id }) => (typeof id === 'string' ? [id] : [])))
  return { who, conversation: String(fields['conversation']), asked, answered, rows, missing, gapsOf, besideGap }
}

function rostersOf({ who, line, answered }: Deed): Roster[] {
  return (line['rows'] as Line[]).map((row) => ({
    who,
    conversation: String(row['conversation']),
    title: String(row['title']),
    members: row['members'] as Member[],
    answered,
  }))
}

interface Heard {
  readonly lines: readonly { readonly who: string; readonly line: Line; readonly at: number }[]
  readonly deeds: readonly Deed[]
  readonly listings: readonly Listing[]
  readonly accounts: ReadonlyMap<string, string>
  readonly sends: readonly Send[]
}

/**
 * Everything that anybody ever said about the state of an own message, in the order of saying. What another device of one's own said is not
 * meant: of that one knows only that it has left it.
 */
function reachedOf({ lines, deeds, listings, accounts, sends }: Heard): Reached[] {
  const authors = new Map(sends.map(({ id, who }) => [id, who]))
  const all: Reached[] = []
  for (const { who, line, at } of lines) {
    if (line['type'] === 'state') all.push({ who, id: String(line['message']), state: String(line['state']), at })
  }
  for (const { who, do: name, line, answered } of deeds) {
    const { message, state } = line
    if (name === 'send' && typeof message === 'string' && typeof state === 'string') {
      all.push({ who, id: message, state, at: answered })
    }
  }
  for (const { who, rows, answered } of listings) {
    const own = rows.filter(({ id, author }) => author === accounts.get(who) && (authors.get(id) ?? who) === who)
    for (const { id, state } of own) all.push({ who, id, state, at: answered })
  }
  return all.toSorted((one, other) => one.at - other.at)
}
