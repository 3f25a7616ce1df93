import type { Connection } from '@libp2p/interface'
import type { Clock } from '@sotto/interface'

import { abortConnection } from '../abort-connection.ts'

/** From the connection to the events stream: hello and a little more. */
const PROVE_MS = 10_000
/** Connections at once whose other end has not said who it is, the announced ones not counted. */
const MAX_STRANGERS = 16

interface Newcomer {
  readonly peer: string
  readonly isStranger: boolean
  readonly settled: Promise<void>
  settle(): void
}

/** Connections to us that have not led to a session yet. Each has a little time for it, and then goes. */
export class Newcomers {
  readonly #clock: Clock
  readonly #isExpected: (peer: string) => boolean
  readonly #all = new Map<Connection, Newcomer>()

  constructor(clock: Clock, isExpected: (peer: string) => boolean) {
    this.#clock = clock
    this.#isExpected = isExpected
  }

  watch(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    const isStranger = !this.#isExpected(peer)
    const strangers = [...this.#all.values()].filter((newcomer) => newcomer.isStranger).length
    if (isStranger && strangers >= MAX_STRANGERS) return abortConnection(connection, 'too many at once')
    const cancel = this.#clock.after(PROVE_MS, () => abortConnection(connection, 'no hello'))
    let resolve = (): void => undefined
    const settled = new Promise<void>((done) => (resolve = done))
    const settle = (): void => {
      cancel()
      this.#all.delete(connection)
      resolve()
    }
    this.#all.set(connection, { peer, isStranger, settled, settle })
    connection.addEventListener('close', settle)
  }

  /** It has led to a session, or was refused. */
  settle(connection: Connection): void {
    this.#all.get(connection)?.settle()
  }

  /** A connection from that peer on which something may still come: settles with it. */
  from(peer: string): Promise<void> | undefined {
    for (const newcomer of this.#all.values()) if (newcomer.peer === peer) return newcomer.settled
    return undefined
  }

  stop(): void {
    for (const newcomer of this.#all.values()) newcomer.settle()
  }
}
