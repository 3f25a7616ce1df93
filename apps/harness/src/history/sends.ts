import type { Entry } from './entry.ts'
import type { Deed, Listing, Send, Told } from './reading.ts'

interface Written {
  readonly entries: readonly Entry[]
  readonly deeds: readonly Deed[]
  readonly listings: readonly Listing[]
  readonly told: readonly Told[]
  readonly accounts: ReadonlyMap<string, string>
}

/** Everything that anybody was asked to say, in that order. */
export function sendsOf({ entries, deeds, accounts, ...shown }: Written): Send[] {
  const kept = new Map(deeds.map((deed) => [deed.asked, deed]))
  const refused = new Map(
    entries.flatMap((entry) =>
      entry.type === 'answer' && !entry.ok ? [[entry.ref, String(entry.line['message'])]] : [],
    ),
  )
  return entries.flatMap((entry, asked): Send[] => {
    if (entry.type !== 'ask' || entry.do !== 'send') return []
    const { who, fields, ref } = entry
    const [conversation, text] = [String(fields['conversation']), String(fields['text'])]
    const deed = kept.get(asked)
    const why = refused.get(ref)
    const told = deed?.line['message']
    const id = typeof told === 'string' ? told : idShown(shown, { who, conversation, text, author: accounts.get(who) })
    return [
      {
        who,
        conversation,
        text,
        asked,
        time: entry.at,
        ...(deed === undefined ? {} : { kept: deed.answered }),
        ...(why === undefined ? {} : { refused: why }),
        ...(id === undefined ? {} : { id }),
      },
    ]
  })
}

/** The id of what was said and not answered, where it is known all the same: its author lists it, or somebody else does, or was told of it. */
function idShown(
  { listings, told }: Pick<Written, 'listings' | 'told'>,
  said: { who: string; conversation: string; text: string; author: string | undefined },
): string | undefined {
  const isIt = ({ author, text }: Pick<Told, 'author' | 'text'>): boolean =>
    author === said.author && text === said.text
  const there = listings.filter(({ conversation }) => conversation === said.conversation)
  const rows = [...there.filter(({ who }) => who !== said.who), ...there.filter(({ who }) => who === said.who)].flatMap(
    (listing) => listing.rows,
  )
  return (rows.findLast(isIt) ?? told.find((each) => each.conversation === said.conversation && isIt(each)))?.id
}
