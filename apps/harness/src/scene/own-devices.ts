import type { History } from '../history/history.ts'
import { PATIENCE_MS } from '../peers/patience.ts'
import type { Line } from '../peers/lines.ts'
import type { Terminal } from '../peers/terminal.ts'
import type { Actor } from './actor.ts'
import { PagePeer } from './page-peer.ts'
import { Peer } from './peer.ts'
import type { Seats } from './seats.ts'

/** That a device is in a conversation, and what was read on another one, no line tells. */
const LOOK_EVERY_MS = 300

/** A further device of `of`, which takes it in by its code. */
export async function linkPeer(
  about: { name: string; of: Peer; terminal: Terminal; relay: string; history: History; options: readonly string[] },
  watch: (peer: Peer) => void,
): Promise<Peer> {
  const { name, of, terminal, relay, history, options } = about
  const { code, linked } = await terminal.showCode(relay)
  const [{ account, device }] = await Promise.all([linked, of.ask('device link', { code })])
  const who = { account: String(account), device: String(device), of: of.name }
  const peer = new Peer({ name, ...who, terminal, history, options })
  watch(peer)
  await peer.start()
  return peer
}

/** The same at a page. */
export async function linkPage(page: PagePeer, of: Peer): Promise<void> {
  const { device } = await page.hands.beLinked((code) => of.ask('device link', { code }))
  page.isOf(of.account, String(device), of.name)
}

/**
 * Resolves when a device is in a conversation of its account, and has said so there, to everybody: from then on it is owed what they say. Only
 * the devices themselves know where they are, so others learn it from that.
 */
export async function comesIn(seats: Seats, peer: Actor, conversation: string): Promise<void> {
  const own = seats.in(conversation).find(({ account, isUp }) => account === peer.account && isUp)
  const known = (await own?.roster())?.find((row) => row['conversation'] === conversation)
  if (peer instanceof PagePeer) peer.knows(conversation, String(known?.['title']))
  await until(`${peer.name} is in the conversation`, async () =>
    (await peer.roster()).some((row) => row['conversation'] === conversation),
  )
  const text = `${peer.name} is here, too, in ${conversation.slice(0, 8)}`
  const others = seats.in(conversation).filter(({ isUp }) => isUp)
  seats.take(peer, conversation)
  await peer.say(conversation, text)
  await Promise.all(others.map((other) => other.hears(conversation, [text])))
}

/** Resolves when the devices of each person that are up say the same of what the others have said. */
export async function agreeOnRead(seats: Seats): Promise<void> {
  for (const conversation of new Set(seats.now.map((seat) => seat.conversation))) {
    const people = Map.groupBy(
      seats.in(conversation).filter(({ isUp }) => isUp),
      ({ account }) => account,
    )
    for (const [account, devices] of people) {
      if (devices.length < 2) continue
      await until(`the devices of ${devices[0]?.name} agree`, () => isAgreed(account, devices, conversation))
    }
  }
}

async function isAgreed(account: string, devices: readonly Actor[], conversation: string): Promise<boolean> {
  const lists = await Promise.all(devices.map((device) => device.list(conversation)))
  const [first = new Map<unknown, unknown>(), ...others] = lists.map((rows) => othersStates(rows, account))
  return others.every((other) => [...other].every(([id, state]) => (first.get(id) ?? state) === state))
}

function othersStates(rows: readonly Line[], account: string): Map<unknown, unknown> {
  return new Map(rows.flatMap((row) => (row['author'] === account ? [] : [[row['id'], row['state']]])))
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`This did not happen in time: ${what}.`)
    await new Promise((resolve) => void setTimeout(resolve, LOOK_EVERY_MS))
  }
}
