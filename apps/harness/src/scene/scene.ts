import type { SeededRandom } from '@sotto/testkit'
import { History } from '../history/history.ts'
import type { Stage } from '../peers/stage.ts'
import { Peer } from './peer.ts'
import { settle } from './settle.ts'
import { judge } from './judge.ts'
import type { Figures } from '../scenarios/scenario.ts'

/** A relay, whose every end and start goes into the history. */
export interface SceneRelay {
  readonly name: string
  readonly address: string
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>
  /** On the same folder and port; resolves when it is ready. */
  restart(): Promise<void>
}

/**
 * People and relays whose doings are recorded and judged: a scenario sets up whoever takes part, lets them talk, kills and
 * starts what it likes, and ends with {@link Scene.end}.
 */
export interface Scene {
  readonly history: History
  readonly random: SeededRandom
  relay(name?: string): Promise<SceneRelay>
  /** A terminal that is set up and online. `options`: more words for `sotto run`. */
  terminal(name: string, relay: Pick<SceneRelay, 'address'>, ...options: string[]): Promise<Peer>
  /** Two who are online become contacts. Answers their conversation. */
  contacts(inviter: Peer, joiner: Peer): Promise<string>
  /** Says `count` things, each by one of those who are up, without waiting for anything. Resolves when those who live have kept them. */
  burst(count: number, seats?: readonly Seat[]): Promise<void>
  /** Everybody who can say something somewhere. */
  readonly seats: readonly Seat[]
  /** Waits until everything has reached everybody, and answers the checker's verdict. Throws unless it holds. */
  end(): Promise<Figures>
}

/** Somebody in a conversation. */
export interface Seat {
  readonly peer: Peer
  readonly conversation: string
}

export function scene(stage: Stage): Scene {
  const began = performance.now()
  const history = new History(() => performance.now() - began)
  const peers: Peer[] = []
  const seats: Seat[] = []
  let said = 0
  const say = ({ peer, conversation }: Seat): Promise<unknown> => {
    said += 1
    return peer.say(conversation, `${peer.name} ${said}: ${'word '.repeat(stage.random.integer(40))}.`)
  }
  return {
    history,
    random: stage.random,
    seats,
    relay: (name = 'relay') => relayOn(stage, history, name),
    async terminal(name, relay, ...options) {
      let peer: Peer | undefined
      const { account, ...terminal } = await stage.person(name, relay, (program) => peer?.watch(program))
      peer = new Peer({ name, account, terminal, history, options })
      await peer.start()
      peers.push(peer)
      return peer
    },
    async contacts(inviter, joiner) {
      const conversation = await meet(history, inviter, joiner)
      for (const peer of [inviter, joiner]) {
        seats.push({ peer, conversation })
        await peer.ask('conversations')
      }
      return conversation
    },
    async burst(count, from = seats) {
      const able = from.filter(({ peer }) => peer.isUp)
      await Promise.all(Array.from({ length: count }, () => say(stage.random.pick(able))))
    },
    async end() {
      await settle(history, peers, seats)
      return judge(history, stage.tell)
    },
  }
}

async function relayOn(stage: Stage, history: History, name: string): Promise<SceneRelay> {
  history.add(name, { type: 'start', kind: 'relay' })
  const relay = await stage.relay({ name })
  return {
    name,
    address: relay.address,
    async kill() {
      await relay.kill('SIGKILL')
      history.add(name, { type: 'gone', signal: 'SIGKILL' })
    },
    async restart() {
      history.add(name, { type: 'start', kind: 'relay' })
      await relay.restart()
    },
  }
}

async function meet(history: History, inviter: Peer, joiner: Peer): Promise<string> {
  const hello = `${joiner.name} says hello to ${inviter.name}`
  const { link } = await inviter.ask('invite')
  const { conversation } = await joiner.ask('join', { link, message: hello })
  let id: unknown
  await history.until((entry) => {
    const isIt = entry.who === inviter.name && entry.type === 'told' && entry.line['message'] === hello
    if (isIt) id = entry.line['id']
    return isIt
  }, `${inviter.name} is told of the hello`)
  await inviter.ask('accept', { id })
  return String(conversation)
}
