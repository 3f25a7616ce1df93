import type { Line } from '../peers/lines.ts'
import type { Deed, Reading, Roster } from './reading.ts'

/** What the deeds of a conversation have made of somebody. */
export interface Standing {
  readonly isIn: boolean
  /** Undefined where no deed says it. */
  readonly role?: string
}

/** By account, for those of whom deeds speak. */
export function standingsIn({ deeds, accounts }: Reading, conversation: string): ReadonlyMap<string, Standing> {
  const standings = new Map<string, Standing>()
  for (const deed of deeds.toSorted((one, other) => one.asked - other.asked)) {
    if (!isAbout(deed, conversation)) continue
    const own = accounts.get(deed.who) ?? ''
    const theirs = String(deed.fields['account'])
    if (deed.do === 'group create') standings.set(own, { isIn: true, role: 'owner' })
    if (deed.do === 'accept') standings.set(own, { isIn: true, role: 'member' })
    if (deed.do === 'group leave') standings.set(own, { isIn: false })
    if (deed.do === 'group remove') standings.set(theirs, { isIn: false })
    if (deed.do === 'group role') standings.set(theirs, { isIn: true, role: String(deed.fields['role']) })
  }
  return standings
}

/** The title that it was given last. */
export function titleOf({ deeds }: Reading, conversation: string): string | undefined {
  const last = deeds.findLast(
    (deed) => isAbout(deed, conversation) && (deed.do === 'group create' || deed.do === 'group rename'),
  )
  return last === undefined ? undefined : String(last.fields['title'])
}

/** Whether that list was made when nothing changed any more. */
export function isOfTheEnd({ deeds }: Reading, { conversation, answered }: Roster): boolean {
  const isChange = ({ do: name }: Deed): boolean => name.startsWith('group ') || name === 'accept'
  return deeds.every((deed) => !isAbout(deed, conversation) || !isChange(deed) || deed.answered < answered)
}

/** Whether it was asked for in that conversation, or led to it. */
export function isAbout({ fields, line }: Deed, conversation: string): boolean {
  const of = (each: Line): boolean => each['conversation'] === conversation
  return of(fields) || of(line)
}
