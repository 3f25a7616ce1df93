import { read } from '../history/reading.ts'
import type { Actor } from './actor.ts'
import { PagePeer } from './page-peer.ts'
import type { Scene } from './scene.ts'
import type { Seat } from './seats.ts'

/** Messages that are under way when somebody is killed. */
const BURST = 10

/**
 * Kills somebody somewhere in a burst of messages, the kill's own place drawn. The others go on while it is away, and what a terminal has
 * on its disk is listed before it starts again.
 */
export async function killInBurst(on: Scene, victims: readonly Actor[], seats: readonly Seat[]): Promise<void> {
  const facts = on.random.integer(BURST)
  const inTheMidst = on.history.next(
    ({ type }) => type === 'ask' || type === 'answer' || type === 'told',
    'messages are kept',
    BURST + facts,
  )
  const burst = on.burst(BURST, seats)
  await inTheMidst
  await Promise.all(victims.map((victim) => victim.kill()))
  await burst
  const others = seats.filter(({ peer }) => peer.isUp)
  if (others.length > 0) await on.burst(BURST / 2, others)
  await listFromDisk(victims, seats)
  await Promise.all(victims.map((victim) => victim.start()))
}

/**
 * What `sent` promises: one is away, the other says something, is told that it was sent, and is killed at once. The first one comes
 * back, and gets it from the relay alone.
 */
export async function killAfterSent(on: Scene, author: Seat, listener: Actor): Promise<void> {
  await listener.kill()
  const sent = on.history.next(isState(author.peer, 'sent'), `${author.peer.name} is told that it was sent`)
  await Promise.all([sent, on.burst(2, [author])])
  await author.peer.kill()
  await listener.start()
  await listener.sync()
  // Nothing at a page can be asked to fetch what there is, or says that it has: it is waited for.
  if (listener instanceof PagePeer) await listener.hears(author.conversation, sentBy(on, author))
  await listener.list(author.conversation)
  await author.peer.start()
}

/** Texts of all messages that somebody was told to be sent there. */
function sentBy({ history }: Scene, { peer, conversation }: Seat): readonly string[] {
  const { sends, reached } = read(history.entries)
  const sent = new Set(reached.flatMap(({ who, id, state }) => (who === peer.name && state !== 'queued' ? [id] : [])))
  return sends.flatMap(({ who, id = '', text, ...send }) =>
    who === peer.name && send.conversation === conversation && sent.has(id) ? [text] : [],
  )
}

/** What `delivered` promises: the other one is killed as soon as it is told, and has it on its disk; a page shows it when it is back. */
export async function killAfterDelivered(on: Scene, author: Seat, listener: Actor): Promise<void> {
  const delivered = on.history.next(isState(author.peer, 'delivered'), `${author.peer.name} is told of the delivery`)
  // Where there is no direct path a receipt takes its time, unless it is asked to leave.
  await Promise.all([delivered, on.burst(3, [author]).then(() => listener.sync())])
  await listener.kill()
  await listener.list(author.conversation)
  await listener.start()
  if (listener instanceof PagePeer) await listener.list(author.conversation)
}

function isState(author: Actor, state: string): Parameters<Scene['history']['next']>[0] {
  return ({ who, ...entry }) => who === author.name && entry.type === 'told' && entry.line['state'] === state
}

async function listFromDisk(peers: readonly Actor[], seats: readonly Seat[]): Promise<void> {
  for (const { peer, conversation } of seats) if (peers.includes(peer)) await peer.list(conversation)
}
