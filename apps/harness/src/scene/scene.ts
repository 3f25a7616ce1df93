import type { SeededRandom } from '@sotto/testkit'
import { History } from '../history/history.ts'
import { openTab, type Tab } from '../peers/chromium.ts'
import type { Stage } from '../peers/stage.ts'
import type { Figures } from '../scenarios/scenario.ts'
import type { Actor } from './actor.ts'
import { Group } from './group.ts'
import { judge } from './judge.ts'
import { comesIn, linkPage, linkPeer } from './own-devices.ts'
import { PagePeer } from './page-peer.ts'
import { Peer } from './peer.ts'
import { relayOn, type SceneRelay, type SceneRelayInit } from './relay.ts'
import { Seats, type Seat } from './seats.ts'
import { settle } from './settle.ts'

/** People and relays whose doings are recorded and judged: a scenario sets up whoever takes part, lets them talk, kills and starts what it likes. */
export interface Scene {
  readonly history: History
  readonly random: SeededRandom
  /** Everybody who can say something somewhere, now. */
  readonly seats: readonly Seat[]
  relay(init?: SceneRelayInit): Promise<SceneRelay>
  /** A terminal that is set up and online. `options`: more words for `sotto run`. */
  terminal(name: string, relay: Pick<SceneRelay, 'address'>, ...options: string[]): Promise<Peer>
  /** A further device of `of`, linked by its code; resolves when it is, and has said so, wherever `of` is. */
  device(name: string, of: Peer, relay: Pick<SceneRelay, 'address'>, ...options: string[]): Promise<Peer>
  /** Resolves when a device of somebody who is in that conversation is there, too, and has said so. */
  comesIn(peer: Actor, conversation: string): Promise<void>
  /** The same at the page of that relay. */
  pageDevice(name: string, of: Peer, relay: Pick<SceneRelay, 'web'>): Promise<PagePeer>
  /** Takes a device out of everything, and resolves when it knows. */
  revoke(by: Peer, peer: Actor): Promise<void>
  /** Somebody at the page of that relay, in a Chromium of its own, past the first run. */
  page(name: string, relay: Pick<SceneRelay, 'web'>): Promise<PagePeer>
  /** Two who are online become contacts. Answers their conversation. */
  contacts(inviter: Peer, joiner: Peer | PagePeer): Promise<string>
  /** `founder` and its contacts come together in a group. */
  group(title: string, founder: Peer, others: readonly Actor[]): Promise<Group>
  /** Says `count` things, each by one of those who are up, without waiting for anything. Resolves when those who live have kept them. */
  burst(count: number, seats?: readonly Seat[]): Promise<void>
}

/**
 * Plays `act` on a scene of its own. Then all come to rest, and the checker judges what happened: answers its figures, or throws.
 * What `act` throws counts as one thing more that went wrong.
 */
export async function onScene(stage: Stage, act: (on: Scene) => Promise<void>): Promise<Figures> {
  const began = performance.now()
  const history = new History(() => performance.now() - began)
  const cast = { stage, history, peers: [] as Actor[], groups: [] as Group[], seats: new Seats() }
  try {
    await act(sceneOf(cast))
  } catch (error) {
    history.add('scenario', { type: 'stuck', why: String(error) })
  }
  await settle(cast)
  return judge(history, stage.tell)
}

interface Making {
  readonly stage: Stage
  readonly history: History
  readonly peers: Actor[]
  readonly groups: Group[]
  readonly seats: Seats
}

function sceneOf({ stage, history, peers, groups, seats }: Making): Scene {
  let said = 0
  const say = ({ peer, conversation }: Seat): Promise<void> => {
    said += 1
    return peer.say(conversation, `${peer.name} ${said}: ${'word '.repeat(stage.random.integer(40))}.`)
  }
  const openPage = async (name: string, { web }: Pick<SceneRelay, 'web'>, person = name): Promise<PagePeer> => {
    const folder = stage.path(`page of ${name}`)
    const accountOf = (whose: string): string => peers.find((peer) => peer.name === whose)?.account ?? whose
    const open = (onProblem: (problem: string) => void): Promise<Tab> => openTab(folder, onProblem)
    const page = new PagePeer({ name, person, web, history, accountOf, open })
    stage.later(() => page.kill())
    await page.start()
    peers.push(page)
    return page
  }
  const comesInWhere = async (of: Peer, device: Actor): Promise<void> => {
    const there = seats.now.filter(({ peer }) => peer === of)
    for (const { conversation } of there) await comesIn(seats, device, conversation)
  }
  return {
    history,
    random: stage.random,
    get seats() {
      return seats.now
    },
    relay: (init = {}) => relayOn(stage, history, init),
    async terminal(name, relay, ...options) {
      let peer: Peer | undefined
      const { account, device, ...terminal } = await stage.person(name, relay, (program) => peer?.watch(program))
      peer = new Peer({ name, account, device, terminal, history, options })
      await peer.start()
      peers.push(peer)
      return peer
    },
    async device(name, of, { address }, ...options) {
      let device: Peer | undefined
      const terminal = stage.terminal(name.toLowerCase().replaceAll(/[^a-z]+/g, '-'), (program) =>
        device?.watch(program),
      )
      const about = { name, of, terminal, relay: address, history, options }
      device = await linkPeer(about, (peer) => (device = peer))
      peers.push(device)
      await comesInWhere(of, device)
      return device
    },
    async pageDevice(name, of, relay) {
      const page = await openPage(name, relay, of.name)
      await linkPage(page, of)
      await comesInWhere(of, page)
      return page
    },
    comesIn: (peer, conversation) => comesIn(seats, peer, conversation),
    async revoke(by, peer) {
      for (const seat of seats.now.filter((each) => each.peer === peer)) seats.leave(peer, seat.conversation)
      await by.ask('device revoke', { device: peer.device })
      await peer.learnsRevoked()
    },
    async page(name, relay) {
      const page = await openPage(name, relay)
      await page.hands.begin(name)
      return page
    },
    async contacts(inviter, joiner) {
      const conversation = await meet(history, inviter, joiner)
      for (const peer of [inviter, joiner]) {
        seats.take(peer, conversation)
        await peer.roster()
      }
      return conversation
    },
    async group(title, founder, others) {
      const from = history.entries.length
      const { conversation } = await founder.ask('group create', {
        title,
        member: others.map(({ account }) => account),
      })
      const group = new Group({ conversation: String(conversation), title }, history, seats)
      groups.push(group)
      seats.take(founder, group.conversation)
      for (const peer of others) await group.accept(peer, from)
      return group
    },
    async burst(count, from = seats.now) {
      const able = from.filter(({ peer }) => peer.isUp)
      await Promise.all(Array.from({ length: count }, () => say(stage.random.pick(able))))
    },
  }
}

/** By an invitation, as people do. */
async function meet(history: History, inviter: Peer, joiner: Peer | PagePeer): Promise<string> {
  const hello = `${joiner.name} says hello to ${inviter.name}`
  const link = String((await inviter.ask('invite'))['link'])
  if (joiner instanceof Peer) await joiner.ask('join', { link, message: hello })
  else await joiner.join(link, hello)
  const request = await history.until(
    ({ who, ...entry }) => who === inviter.name && entry.type === 'told' && entry.line['message'] === hello,
    `${inviter.name} is told of the hello`,
  )
  const { id, account } = request.type === 'told' ? request.line : {}
  const conversation = String((await inviter.ask('accept', { id }))['conversation'])
  if (joiner instanceof PagePeer) {
    joiner.isOf(String(account))
    joiner.knows(conversation, inviter.name)
  }
  // So that the hello, too, is known by its id.
  await inviter.list(conversation)
  return conversation
}
