import type { Topic, Transport } from '@sotto/interface'

/** A started transport, and what came over its topics. */
export interface GossipPeer {
  readonly transport: Transport
  readonly heard: { readonly topic: string; readonly envelope: Uint8Array }[]
  /** What `onGossip` waits for, from now on. */
  hold: Promise<void>
}

/** One network, with nobody in it at first. */
export interface GossipPlace {
  peer(): Promise<GossipPeer>
  /** A direct path between two of them, past hello. */
  connect(from: GossipPeer, to: GossipPeer): Promise<void>
  dispose(): Promise<void>
}

export type GossipChecks = Readonly<Record<string, (place: GossipPlace) => Promise<void>>>

export interface TopicChoice {
  readonly name?: string
  readonly key?: Uint8Array
}

const NAME = 'topic0'
export const KEY: Uint8Array = new Uint8Array(32).fill(7)
export const WRONG_KEY: Uint8Array = new Uint8Array(32).fill(8)

export async function pair(place: GossipPlace): Promise<[GossipPeer, GossipPeer]> {
  const [a, b] = [await place.peer(), await place.peer()]
  await place.connect(a, b)
  return [a, b]
}

export async function line(place: GossipPlace): Promise<[GossipPeer, GossipPeer, GossipPeer]> {
  const [a, b] = await pair(place)
  const c = await place.peer()
  await place.connect(b, c)
  return [a, b, c]
}

/** The second and the third are connected with the first. */
export async function star(place: GossipPlace): Promise<[GossipPeer, GossipPeer, GossipPeer]> {
  const [a, b] = await pair(place)
  const c = await place.peer()
  await place.connect(c, a)
  return [a, b, c]
}

/** Takes part, with those others. */
export function join(peer: GossipPeer, others: readonly GossipPeer[], about: TopicChoice = {}): Topic {
  const { name = NAME, key = KEY } = about
  const topic = peer.transport.topic({ name, key })
  setPeers(topic, others)
  return topic
}

export function setPeers(topic: Topic, others: readonly GossipPeer[]): void {
  topic.setPeers(others.map(({ transport }) => transport.peerId))
}

/** Two that take part with each other, and are there. */
export async function joinBoth(a: GossipPeer, b: GossipPeer, about: TopicChoice = {}): Promise<[Topic, Topic]> {
  const topics: [Topic, Topic] = [join(a, [b], about), join(b, [a], about)]
  await until(() => topics.every(({ peers }) => peers === 1))
  return topics
}

export function bytes(mark: number, length = 256): Uint8Array {
  return new Uint8Array(length).fill(mark)
}

export function marks({ heard }: GossipPeer): number[] {
  return heard.map(({ envelope }) => envelope[0] ?? -1)
}

/** Waits for a fact, up to 30 s. */
export async function until(look: () => boolean): Promise<void> {
  const end = performance.now() + 30_000
  while (!look()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${look.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
