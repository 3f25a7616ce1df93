import type { Final } from './final.ts'
import { quote, type Findings } from './findings.ts'
import type { Listing, Reached, Reading, Send } from './reading.ts'
import { mayHaveRead } from './reads.ts'

const ORDER = ['queued', 'sent', 'delivered', 'read']

/** Every state that was ever told of an own message was true at that moment, and none was taken back. */
export function noTickLied(reading: Reading, finals: readonly Final[], findings: Findings): void {
  const highest = new Map<string, Reached>()
  const sends = new Map(reading.sends.map((send) => [send.id, send]))
  for (const each of reading.reached) {
    const key = `${each.who} ${each.id}`
    const before = highest.get(key)
    const isHigher = before === undefined || ORDER.indexOf(each.state) > ORDER.indexOf(before.state)
    const words = (): string => `${quote(sends.get(each.id)?.text ?? each.id)} of ${each.who}`
    findings.expect(
      isHigher || each.state === before.state,
      () => `${words()} was ${before?.state}, then ${each.state}`,
    )
    if (!isHigher) continue
    highest.set(key, each)
    const send = sends.get(each.id)
    const final = finals.find(({ conversation }) => conversation === send?.conversation)
    if (send === undefined || final === undefined) continue
    if (each.state === 'sent') expectStored({ reading, final, send, findings, at: each.at })
    if (each.state === 'delivered' || each.state === 'read') {
      expectHeld({ reading, final, send, findings, at: each.at })
      expectReachable({ reading, final, send, findings, at: each.at })
    }
    if (each.state === 'read') {
      findings.expect(
        wasRead(reading, final, send, each.at),
        () => `${words()} was told to be read before all who must had read it`,
      )
    }
  }
}

interface Claim {
  readonly reading: Reading
  readonly final: Final
  readonly send: Send
  readonly findings: Findings
  /** When it was told. */
  readonly at: number
}

/**
 * `sent`: a relay was there to store it, and has it: whoever asks the relays for everything afterwards gets it, whatever has become
 * of its author and however often the relay was killed.
 */
function expectStored({ reading, final, send, findings, at }: Claim): void {
  const relays = reading.turns.flatMap((turn) => (turn.type === 'start' && turn.kind === 'relay' ? [turn.who] : []))
  findings.expect(
    wasUp(reading, relays, { from: send.asked, to: at }),
    () => `${quote(send.text)} of ${send.who} was told to be sent while no relay was there`,
  )
  for (const sync of reading.deeds.filter((deed) => deed.do === 'sync' && deed.asked > at)) {
    if (!final.mustHave(sync.who, send)) continue
    for (const listing of reading.listings) {
      if (listing.who !== sync.who || listing.conversation !== send.conversation || listing.asked < sync.answered)
        continue
      findings.expect(
        isStored(reading, final, listing, send),
        () => `${quote(send.text)} of ${send.who} was told to be sent, and ${sync.who} did not get it from the relays`,
      )
    }
  }
}

/**
 * `delivered`: every list that another one makes from then on has it; of somebody with several devices, those of one of them, also of one
 * that has no right to it.
 */
function expectHeld({ reading, final, send, findings, at }: Claim): void {
  const { accounts } = reading
  const later = reading.listings.filter(
    ({ conversation, asked, who }) =>
      conversation === send.conversation && asked >= at && accounts.get(who) !== accounts.get(send.who),
  )
  const entitled = later.filter(({ who }) => final.mustHave(who, send))
  for (const account of new Set(entitled.map(({ who }) => accounts.get(who)))) {
    const devices = new Set(later.flatMap(({ who }) => (accounts.get(who) === account ? [who] : [])))
    const lacking = [...devices].filter((device) =>
      later.some((listing) => listing.who === device && !isStored(reading, final, listing, send)),
    )
    findings.expect(
      lacking.length < devices.size,
      () => `${quote(send.text)} of ${send.who} was told to be delivered, and ${lacking.join(', ')} had not got it`,
    )
  }
}

/**
 * It is in the list; or it stands on what a third one said, of a group or a further device of one of two, and what is not there yet: then it is stored and not
 * shown. That it is shown later, everybody's last list must prove.
 */
function isStored({ sends }: Reading, { isPair, listings }: Final, { who, rows }: Listing, send: Send): boolean {
  const has = new Set(rows.map(({ id }) => id))
  if (has.has(send.id ?? '')) return true
  const own = listings.get(send.who)?.rows ?? []
  const at = own.findIndex(({ id }) => id === send.id)
  const missing = own.slice(0, at).filter(({ id }) => !has.has(id))
  if (!isPair) return missing.some(({ author }) => author !== own[at]?.author)
  const saidBy = (text: unknown): string | undefined =>
    sends.find((each) => each.conversation === send.conversation && each.text === text)?.who
  return missing.some(({ text }) => ![undefined, who, send.who].includes(saidBy(text)))
}

/** `delivered`: since it was said, a device of each account that must have it was there to take it. */
function expectReachable({ reading, final, send, findings, at }: Claim): void {
  for (const [account, devices] of entitled(reading, final, send)) {
    const all = [...reading.accounts].flatMap(([name, theirs]) => (theirs === account ? [name] : []))
    findings.expect(
      wasUp(reading, all, { from: send.asked, to: at }),
      () => `${quote(send.text)} of ${send.who} was told to be delivered while ${devices.join(', ')} was not there`,
    )
  }
}

/** Devices that must have it, by account. */
function entitled({ accounts }: Reading, final: Final, send: Send): ReadonlyMap<string, readonly string[]> {
  const devices = final.members.filter(
    (who) => accounts.get(who) !== accounts.get(send.who) && final.mustHave(who, send),
  )
  return Map.groupBy(devices, (who) => accounts.get(who) ?? '')
}

/** Whether one of these was running at some moment. */
function wasUp({ turns }: Reading, names: readonly string[], { from, to }: { from: number; to: number }): boolean {
  return names.some((name) => {
    const own = turns.filter((turn) => turn.who === name)
    const before = own.findLast(({ index }) => index < from)
    return before?.type === 'start' || own.some(({ index, type }) => index > from && index < to && type === 'start')
  })
}

/** All who must have it have read it; if there is nobody who must, somebody has. */
function wasRead(reading: Reading, final: Final, send: Send, at: number): boolean {
  const own = reading.accounts.get(send.who)
  const must = [...entitled(reading, final, send).keys()]
  const others = [...new Set(reading.accounts.values())].filter((account) => account !== own)
  const hasRead = (account: string): boolean => mayHaveRead(reading, account, send, at)
  return must.length > 0 ? must.every(hasRead) : others.some(hasRead)
}

/** In the end, what everybody who must have it has is known to its author to be delivered. */
export function ticksCame(reading: Reading, finals: readonly Final[], findings: Findings): void {
  for (const final of finals) {
    for (const send of reading.sends) {
      // Whoever has been out begins anew, and is told no more of what it said before.
      if (send.conversation !== final.conversation || final.exits.has(send.who)) continue
      const row = final.listings.get(send.who)?.rows.find(({ id }) => id === send.id)
      if (row === undefined || entitled(reading, final, send).size === 0) continue
      findings.expect(
        row.state === 'delivered' || row.state === 'read',
        () => `${quote(send.text)} of ${send.who} is ${row.state} in the end, and all who must have it are there`,
      )
    }
  }
}
