import { finalsOf, type Final } from '../history/final.ts'
import type { History } from '../history/history.ts'
import { read, type Reading, type Send } from '../history/reading.ts'
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
export async function settle({ history, peers, groups, seats }: Cast): Promise<void> {
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
  await note('all', hearEverything(history))
  // Receipts leave at once then; by themselves they take up to a minute where there is no direct path.
  for (const peer of peers) void peer.sync().catch(() => {})
  await note('all', knowDelivered(history))
  await note('all', agreeOnRead(seats))
  await list()
  await Promise.all(peers.map((peer) => note(peer.name, peer.kill('SIGTERM'))))
}

/** Resolves when everybody lists, or has been told, what it must have by the checker's rules. */
async function hearEverything(history: History): Promise<void> {
  const isDue = (final: Final, peer: string, send: Send): boolean =>
    final.mustHave(peer, send) || final.holdersFor(peer, send).length > 0
  await forEachDue(history, isDue, async ({ final, peer, send }) => {
    if (final.listings.get(peer)?.rows.some(({ id }) => id === send.id) === true) return
    await history.until(
      ({ who, ...entry }) => who === peer && entry.type === 'told' && entry.line['id'] === send.id,
      `${peer} is told of "${send.text}"`,
    )
  })
}

/** Resolves when the author of everything that somebody must have was told that it was delivered. */
async function knowDelivered(history: History): Promise<void> {
  const isDue = (final: Final, peer: string, send: Send): boolean => final.mustHave(peer, send)
  await forEachDue(history, isDue, async ({ reading, final, send }) => {
    const isThere = reading.reached.some(
      ({ who, id, state }) => who === send.who && id === send.id && isDelivered(state),
    )
    // Whoever has been out begins anew, and is told no more of what it said before.
    if (isThere || final.exits.has(send.who)) return
    await history.until(
      ({ who, ...entry }) =>
        who === send.who &&
        entry.type === 'told' &&
        entry.line['message'] === send.id &&
        isDelivered(entry.line['state']),
      `"${send.text}" of ${send.who} is delivered`,
    )
  })
}

interface Due {
  readonly reading: Reading
  readonly final: Final
  readonly peer: string
  readonly send: Send
}

/** Does `work` for every message and everybody who must have it, all at once. */
async function forEachDue(
  history: History,
  isDue: (final: Final, peer: string, send: Send) => boolean,
  work: (due: Due) => Promise<void>,
): Promise<void> {
  const reading = read(history.entries)
  const dues = finalsOf(reading).flatMap((final) =>
    reading.sends
      .filter((send) => send.id !== undefined && send.conversation === final.conversation)
      .flatMap((send) =>
        final.members.filter((peer) => isDue(final, peer, send)).map((peer) => work({ reading, final, peer, send })),
      ),
  )
  await Promise.all(dues)
}

function isDelivered(state: unknown): boolean {
  return state === 'delivered' || state === 'read'
}
