import type { Final } from './final.ts'
import { quote, type Findings } from './findings.ts'
import type { Listing, Reading, Send } from './reading.ts'

/** What is missing is waited for as long; then it is a gap, and what stands on it is shown at once, and before it (spec/events.md). */
const GAP_AFTER_MS = 60_000

/** Everybody sees one order, it never changes, and nothing is shown before what its author had seen when saying it. */
export function orderRespected(reading: Reading, finals: readonly Final[], findings: Findings): void {
  for (const final of finals) {
    const listings = reading.listings.filter(({ conversation }) => conversation === final.conversation)
    for (const listing of listings) {
      for (const other of final.listings.values()) if (other !== listing) expectSameOrder(listing, other, findings)
    }
    for (const author of reading.accounts.keys()) {
      const past = pastOf(reading, final, author)
      for (const listing of listings) expectAfterPast(shownIn(listing), past, { final, author, findings })
      for (const who of reading.accounts.keys()) {
        if (who !== author) expectAfterPast(toldTo(reading, final, who), past, { final, author, findings })
      }
    }
  }
}

function expectSameOrder(one: Listing, other: Listing, findings: Findings): void {
  const places = new Map(other.rows.map(({ id }, at) => [id, at]))
  let last = -1
  for (const { id, text } of one.rows) {
    const place = places.get(id)
    if (place === undefined) continue
    findings.expect(place > last, () => `${quote(text)} stands elsewhere at ${one.who} than at ${other.who}`)
    last = Math.max(last, place)
  }
}

/** What an author saw and said, and when it came in, in that order. */
type Step = { readonly type: 'saw' | 'said'; readonly send: Send } | { readonly type: 'came in' }

function pastOf(reading: Reading, { conversation }: Final, author: string): Step[] {
  const steps: { at: number; step: Step }[] = reading.deeds.flatMap(({ who, do: name, line, fields, asked }) =>
    who === author && name === 'accept' && (line['conversation'] ?? fields['conversation']) === conversation
      ? [{ at: asked, step: { type: 'came in' } }]
      : [],
  )
  const sends = new Map(reading.sends.map((send) => [send.id, send]))
  const own = reading.listings.filter(({ who, conversation: where }) => who === author && where === conversation)
  for (const send of reading.sends) {
    if (send.who !== author || send.conversation !== conversation || send.id === undefined) continue
    const { kept, asked } = send
    steps.push({ at: asked, step: { type: 'said', send } })
    if (kept !== undefined) steps.push({ at: kept, step: { type: 'saw', send } })
  }
  for (const { who, id, at, conversation: where } of reading.told) {
    const send = sends.get(id)
    if (who !== author || where !== conversation || send === undefined) continue
    // What was shown beside a gap is not named by what is said after it, until the gap is filled (spec/events.md).
    if (own.some(({ besideGap }) => besideGap.has(id))) continue
    steps.push({ at, step: { type: 'saw', send } })
  }
  return steps.toSorted((one, other) => one.at - other.at).map(({ step }) => step)
}

/** Where messages stand for somebody: in a list, or in the order of telling. */
interface Shown {
  readonly who: string
  readonly places: ReadonlyMap<string, number>
  /** Whether this one may stand before, or without, that one, which its author had seen. */
  mayJump(send: Send, seen: Send): boolean
  /** Whether a message that has no place may be there all the same. */
  mayLack(asked: number, author: string): boolean
}

function shownIn({ who, rows, missing }: Listing): Shown {
  return { who, places: new Map(rows.map(({ id }, at) => [id, at])), mayJump: () => false, mayLack: () => missing > 0 }
}

/** Nobody is told of its own, and a process that ended may have had no time to tell. */
function toldTo({ told, turns }: Reading, { conversation }: Final, who: string): Shown {
  const own = told.filter((each) => each.who === who && each.conversation === conversation)
  const ends = turns.filter((turn) => turn.who === who)
  return {
    who,
    places: new Map(own.map(({ id }, at) => [id, at])),
    // Nobody can have missed it before it was said.
    mayJump: ({ id }, { time }) => own.some((each) => each.id === id && each.time - time >= GAP_AFTER_MS),
    mayLack: (asked, author) => author === who || ends.some(({ index }) => index > asked),
  }
}

interface About {
  readonly final: Final
  readonly author: string
  readonly findings: Findings
}

function expectAfterPast(shown: Shown, past: readonly Step[], { final, author, findings }: About): void {
  let seen: { readonly place: number; readonly send: Send }[] = []
  let lacking: Send[] = []
  for (const step of past) {
    if (step.type === 'came in') {
      // Whoever has been out begins anew, and names nothing of others' that it had seen before.
      seen = seen.filter(({ send }) => send.who === author)
      lacking = lacking.filter(({ who }) => who === author)
      continue
    }
    const { type, send } = step
    const { id = '', text, who, asked } = send
    const place = shown.places.get(id)
    if (type === 'saw') {
      if (place !== undefined) seen.push({ place, send })
      const must = who === shown.who || final.mustHave(shown.who, send)
      if (place === undefined && must && !shown.mayLack(asked, who)) lacking.push(send)
      continue
    }
    if (place === undefined) continue
    const jumped = seen.find((each) => each.place >= place && !shown.mayJump(send, each.send))?.send
    findings.expect(
      jumped === undefined,
      () => `${shown.who} sees ${quote(text)} before ${quote(jumped?.text)}, which ${author} had seen when saying it`,
    )
    const lacked = lacking.find((each) => !shown.mayJump(send, each))
    findings.expect(
      lacked === undefined,
      () => `${shown.who} sees ${quote(text)} and not ${quote(lacked?.text)}, which ${author} had seen when saying it`,
    )
  }
}
