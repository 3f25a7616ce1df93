import { yamux } from '@libp2p/yamux'
import type { Clock } from '@sotto/interface'

import { Budget } from './mailbox/budget.ts'

/**
 * Streams that the other end may open on a connection: so many at once, and so many a second after that. Twelve bytes open and end
 * one, which costs its reader a tenth of a millisecond and 10 KB for ten seconds, while an honest peer opens a few and keeps them.
 */
const STREAMS_AT_ONCE = 64
const STREAMS_PER_SECOND = 16
/** Larger windows outgrow the buffer of a stream that is read slowly; a sender that is paused stops after this much. */
const STREAM_WINDOW_BYTES = 1024 * 1024

type Yamux = ReturnType<typeof yamux>

/** yamux as relays and devices use it. A connection on which streams are opened faster is ended. */
export function measuredYamux(clock: Pick<Clock, 'monotonic'>): Yamux {
  const make = yamux({ streamOptions: { maxStreamWindowSize: STREAM_WINDOW_BYTES } })
  return () => {
    const factory = make()
    const create = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection) => {
      const muxer = create(connection)
      // Not in its type, but the one place where a stream begins; afterwards it is too late.
      const measured = muxer as unknown as { incomingStream(id: number): void }
      const open = measured.incomingStream.bind(muxer)
      const budget = new Budget(STREAMS_PER_SECOND, STREAMS_AT_ONCE, clock.monotonic())
      measured.incomingStream = (id) => {
        if (budget.take(1, clock.monotonic())) open(id)
        else muxer.abort(new Error('too many streams'))
      }
      return muxer
    }
    return factory
  }
}
