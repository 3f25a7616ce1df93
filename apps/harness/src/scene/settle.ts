import type { History } from '../history/history.ts'
import type { Line } from '../peers/lines.ts'
import type { Peer } from './peer.ts'
import type { Seat } from './scene.ts'

/** As long as a device may take to give up one way and take another, more than once. */
const SYNC_MS = 60_000

/**
 * Brings everybody online, waits until all have everything and know that the others have it, has each make its lists, and stops
 * them. What does not come is noted in the history, for the checker.
 */
export async function settle(history: History, peers: readonly Peer[], seats: readonly Seat[]): Promise<void> {
  const note = (who: string, work: Promise<unknown>): Promise<unknown> =>
    work.catch((error: unknown) => history.add(who, { type: 'stuck', why: String(error) }))
  await Promise.all(peers.filter((peer) => !peer.isUp).map((peer) => note(peer.name, peer.start())))
  await note('all', hearEverything(history, seats))
  // Receipts leave at once then; by themselves they take up to a minute where there is no direct path. That they come is what counts.
  for (const peer of peers) void peer.ask('sync', { timeout: SYNC_MS }).catch(() => {})
  await Promise.all(seats.map((seat) => note(seat.peer.name, knowDelivered(history, seat))))
  for (const { peer, conversation } of seats) await note(peer.name, peer.list(conversation))
  for (const peer of peers) await note(peer.name, peer.ask('conversations'))
  await Promise.all(peers.map((peer) => note(peer.name, peer.kill('SIGTERM'))))
}

/** Resolves when everybody lists, or has been told, what everybody lists as its own. */
async function hearEverything(history: History, seats: readonly Seat[]): Promise<void> {
  const lists = await Promise.all(
    seats.map(async (seat) => ({ ...seat, rows: await seat.peer.list(seat.conversation) })),
  )
  for (const { peer, conversation, rows } of lists) {
    for (const other of lists) {
      if (other.peer === peer || other.conversation !== conversation) continue
      for (const { id, text } of ownOf(other.peer, other.rows)) {
        if (rows.some((row) => row['id'] === id)) continue
        await history.until(
          ({ who, ...entry }) => who === peer.name && entry.type === 'told' && entry.line['id'] === id,
          `${peer.name} is told of "${String(text)}"`,
        )
      }
    }
  }
}

/** Resolves when an author has been told that all that it said was delivered. */
async function knowDelivered(history: History, { peer, conversation }: Seat): Promise<void> {
  for (const { id, text, state } of ownOf(peer, await peer.list(conversation))) {
    if (isDelivered(state)) continue
    await history.until(
      ({ who, ...entry }) =>
        who === peer.name && entry.type === 'told' && entry.line['message'] === id && isDelivered(entry.line['state']),
      `"${String(text)}" of ${peer.name} is delivered`,
    )
  }
}

function isDelivered(state: unknown): boolean {
  return state === 'delivered' || state === 'read'
}

function ownOf({ account }: Peer, rows: readonly Line[]): readonly Line[] {
  return rows.filter((row) => row['author'] === account && typeof row['id'] === 'string')
}
