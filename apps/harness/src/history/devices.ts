import type { Final } from './final.ts'
import { quote, type Findings } from './findings.ts'
import type { Listing, Reading } from './reading.ts'

/** In the end all devices of one person show the same of what the others said: what is read on one is read on all. */
export function devicesAgree(reading: Reading, finals: readonly Final[], findings: Findings): void {
  for (const final of finals) {
    for (const [one, other] of twoDevices(reading, final)) {
      const states = statesIn(reading, one)
      for (const [id, { state, text }] of statesIn(reading, other)) {
        const there = states.get(id)?.state
        if (there === undefined) continue
        findings.expect(
          there === state,
          () => `${quote(text)} is ${there} at ${one.who} and ${state} at ${other.who}, which is the same person's`,
        )
      }
    }
  }
}

/** The last lists of each device and the one before it of its account, of those that are in. */
function twoDevices({ accounts }: Reading, { members, listings }: Final): [Listing, Listing][] {
  const before = new Map<string | undefined, Listing>()
  return members.flatMap((who): [Listing, Listing][] => {
    const listing = listings.get(who)
    const earlier = before.get(accounts.get(who))
    if (listing !== undefined) before.set(accounts.get(who), listing)
    return listing === undefined || earlier === undefined ? [] : [[earlier, listing]]
  })
}

function statesIn({ accounts }: Reading, { who, rows }: Listing): Map<string, { state: string; text: string }> {
  return new Map(rows.flatMap((row) => (row.author === accounts.get(who) ? [] : [[row.id, row]])))
}
