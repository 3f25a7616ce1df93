import { ok, refuse, type AbortOptions, type Address, type DirectSession, type Result } from '@sotto/interface'

import { inTime } from '../in-time.ts'
import type { Platform, Node } from '../platform.ts'
import { dialDirect } from './dial.ts'
import type { Direct } from './direct.ts'
import { HELLO_MS } from './hello.ts'

export type Dialled = Result<DirectSession, 'unreachable' | 'refused' | 'not-direct'>

interface Running {
  readonly context: string
  readonly result: Promise<Dialled>
}

/** Makes sessions: one dial to a peer at a time, and none while there is another way to one. An abort rejects with its reason. */
export class Dialler {
  readonly #platform: Platform
  readonly #node: Node
  readonly #direct: Direct
  readonly #running = new Map<string, Running>()

  constructor(platform: Platform, node: Node, direct: Direct) {
    this.#platform = platform
    this.#node = node
    this.#direct = direct
  }

  dial(peer: string, addresses: readonly Address[], context: string, options: AbortOptions): Promise<Dialled> {
    const running = this.#running.get(peer)
    if (running?.context === context) return running.result
    // libp2p would join two dials to one peer into one connection.
    const before = running?.result ?? Promise.resolve()
    const result = before
      .catch(() => undefined)
      .then(() => this.#dial(peer, addresses, context, options))
      .finally(() => {
        if (this.#running.get(peer)?.result === result) this.#running.delete(peer)
      })
    this.#running.set(peer, { context, result })
    return result
  }

  async #dial(
    peer: string,
    addresses: readonly Address[],
    context: string,
    { signal }: AbortOptions,
  ): Promise<Dialled> {
    const { transports, init } = this.#platform
    const known = this.#direct.find(context, peer)
    if (known !== undefined) return ok(known)
    if (transports.length === 0) return refuse('not-direct')
    // Whoever has just connected to us is about to say hello.
    const incoming = this.#direct.incoming(peer)
    if (incoming !== undefined) await inTime(init.clock, HELLO_MS, incoming)
    const came = this.#direct.find(context, peer)
    if (came !== undefined) return ok(came)
    if (this.#direct.isFull) return refuse('refused')
    const connection = await dialDirect(this.#node, peer, addresses, {
      transports,
      signal,
      isOver: (known) => this.#direct.isOver(known),
      pause: (ms) => new Promise((resolve) => void init.clock.after(ms, resolve)),
    })
    signal?.throwIfAborted()
    if (typeof connection === 'string') return this.#orNow(context, peer, connection)
    const session = await this.#direct.open(connection, context)
    return session === undefined ? this.#orNow(context, peer, 'refused') : ok(session)
  }

  /** The other side may have got through meanwhile. */
  #orNow(context: string, peer: string, reason: 'unreachable' | 'refused' | 'not-direct'): Dialled {
    const session = this.#direct.find(context, peer)
    return session === undefined ? refuse(reason) : ok(session)
  }
}
