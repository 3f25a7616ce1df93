import { SottoError, type Topic } from '@sotto/interface'
import { MAX_ENVELOPE_BYTES, toHex } from '@sotto/wire'

/** As the real one: envelopes that may wait to be taken, and to be sent, and messages with a wrong tag after which a peer is not heard any more. */
const MAX_WAITING = 256
const MAX_HELD = 64
const MAX_INVALID = 3

/** What a topic asks of the network around it. */
export interface TopicPlace {
  readonly self: string
  /** The topic of that name at another peer, while there is a direct path to it and gossip gets through. */
  at(peer: string): MemoryTopic | undefined
  take(envelope: Uint8Array): Promise<unknown> | void
  left(): void
  /** Somebody may be there now who was not. */
  changed(): void
}

interface Tagged {
  /** Stands for the tag: whether it was made with the same key is all that a tag says. */
  readonly key: string
  readonly envelope: Uint8Array
}

/** A topic of a {@link MemoryTransport}: everything goes to every peer of it, from there to its peers, and so on. */
export class MemoryTopic implements Topic {
  readonly #place: TopicPlace
  readonly #key: string
  readonly #seen = new Set<string>()
  readonly #held: Uint8Array[] = []
  readonly #invalid = new Map<string, number>()
  #named: ReadonlySet<string> = new Set()
  #tail: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #isOver = false

  constructor(place: TopicPlace, key: Uint8Array) {
    this.#place = place
    this.#key = toHex(key)
  }

  get peers(): number {
    return this.#isOver ? 0 : this.#there().length
  }

  has(peer: string): boolean {
    return !this.#isOver && this.#named.has(peer)
  }

  setPeers(peers: readonly string[]): void {
    this.#named = new Set(peers)
    if (peers.length === 0) this.#held.length = 0
    this.#place.changed()
  }

  publish(envelope: Uint8Array): void {
    if (envelope.length === 0 || envelope.length > MAX_ENVELOPE_BYTES)
      throw new SottoError('too-large', `An envelope has 1 to ${MAX_ENVELOPE_BYTES} bytes.`)
    if (this.#isOver) return
    if (this.peers > 0) return this.#send(envelope)
    if (this.#named.size > 0) this.#held.push(envelope.slice())
    if (this.#held.length > MAX_HELD) this.#held.shift()
  }

  /** Sends what was published while nobody was there, if somebody is. */
  flush(): void {
    if (this.peers > 0) for (const envelope of this.#held.splice(0)) this.#send(envelope)
  }

  leave(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#place.left()
  }

  #send(envelope: Uint8Array): void {
    const id = toHex(envelope)
    if (this.#seen.has(id)) return
    this.#seen.add(id)
    this.#pass({ key: this.#key, envelope: envelope.slice() }, undefined)
  }

  #receive(from: string, message: Tagged): void {
    if (!this.has(from) || (this.#invalid.get(from) ?? 0) >= MAX_INVALID) return
    if (message.key !== this.#key) {
      this.#invalid.set(from, (this.#invalid.get(from) ?? 0) + 1)
      return
    }
    const id = toHex(message.envelope)
    if (this.#seen.has(id)) return
    this.#seen.add(id)
    this.#take(message.envelope)
    this.#pass(message, from)
  }

  #pass(message: Tagged, except: string | undefined): void {
    for (const topic of this.#there()) {
      if (topic.#place.self !== except) queueMicrotask(() => topic.#receive(this.#place.self, message))
    }
  }

  /** The topic at those that have named us, too. */
  #there(): MemoryTopic[] {
    return [...this.#named].flatMap((peer) => {
      const topic = this.#place.at(peer)
      return topic?.has(this.#place.self) === true ? [topic] : []
    })
  }

  #take(envelope: Uint8Array): void {
    if (this.#waiting >= MAX_WAITING) return
    this.#waiting += 1
    this.#tail = this.#tail.then(async () => {
      await this.#place.take(envelope.slice())
      this.#waiting -= 1
    })
  }
}
