import { finalsOf, type Final } from '../history/final.ts'
import type { History } from '../history/history.ts'
import { read, type Send } from '../history/reading.ts'
import type { Actor } from './actor.ts'
import type { Group } from './group.ts'
import { agreeOnRead } from './own-devices.ts'
import type { Seats } from './seats.ts'

export interface Cast {
  readonly history: History
  readonly peers: readonly Actor[]
  readonly groups: readonly Group[]
  readonly seats: Seats
}

/**
 * Brings everybody online, waits until all have everything and know that the others have it, has each make its lists, and stops
 * them. What does not come is noted in the history, for the checker.
 */
export async function settle(cast: Cast): Promise<void> {
  const { history, peers, groups, seats } = cast
  const note = (who: string, work: Promise<unknown>): Promise<unknown> =>
    work.catch((error: unknown) => history.add(who, { type: 'stuck', why: String(error) }))
  const list = (): Promise<unknown> =>
    Promise.all([
      ...seats.ever.map(({ peer, conversation }) => note(peer.name, peer.list(conversation))),
      ...peers.map((peer) => note(peer.name, peer.roster())),
    ])
  await Promise.all(peers.filter((peer) => !peer.isUp).map((peer) => note(peer.name, peer.start())))
  await Promise.all(groups.map((group) => note('all', group.agreed())))
  await list()
  await note('all', hearEverything(cast))
  // Receipts leave at once then; by themselves they take up to a minute where there is no direct path.
  for (const peer of peers) void peer.sync().catch(() => {})
  await note('all', knowDelivered(cast))
  await note('all', agreeOnRead(seats))
  await list()
  await Promise.all(peers.map((peer) => note(peer.name, peer.kill('SIGTERM'))))
}

/** Resolves when everybody lists, or has been told, what it must have by the checker's rules. */
async function hearEverything(cast: Cast): Promise<void> {
  await forEachDue(
    cast,
    (final, peer, send) =>
      (final.mustHave(peer, send) || final.holdersFor(peer, send).length > 0) &&
      final.listings.get(peer)?.rows.some(({ id }) => id === send.id) !== true,
    ({ peer }) => peer,
    (peer, conversation, sends) =>
      peer.hears(
        conversation,
        sends.map(({ text }) => text),
      ),
  )
}

/** Resolves when the author of everything that somebody must have was told that it was delivered. */
async function knowDelivered(cast: Cast): Promise<void> {
  await forEachDue(
    cast,
    // Whoever has been out begins anew, and is told no more of what it said before.
    (final, peer, send) => final.mustHave(peer, send) && !final.exits.has(send.who),
    ({ send }) => send.who,
    (author, conversation, sends) => author.learnsDelivered(conversation, sends),
  )
}

type Due = Send & { readonly id: string }

/** Does `work` once for everybody of whom something is due, in each conversation, with all of that, all at once. */
async function forEachDue(
  { history, peers }: Cast,
  isDue: (final: Final, peer: string, send: Send) => boolean,
  of: (due: { readonly peer: string; readonly send: Send }) => string,
  work: (who: Actor, conversation: string, sends: readonly Due[]) => Promise<void>,
): Promise<void> {
  const reading = read(history.entries)
  const dues = finalsOf(reading).flatMap((final) => {
    const sends = reading.sends.flatMap(({ id, ...send }) =>
      id === undefined || send.conversation !== final.conversation ? [] : [{ ...send, id }],
    )
    const all = sends.flatMap((send) =>
      final.members.flatMap((peer) => (isDue(final, peer, send) ? [{ who: of({ peer, send }), send }] : [])),
    )
    return [...Map.groupBy(all, ({ who }) => who)].map(([name, theirs]) => {
      const who = peers.find((peer) => peer.name === name)
      if (who === undefined) throw new Error(`${name} takes no part.`)
      return work(who, final.conversation, [...new Set(theirs.map(({ send }) => send))])
    })
  })
  await Promise.all(dues)
}
