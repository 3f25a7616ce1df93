import { yamux } from '@libp2p/yamux'
import type { Clock } from '@sotto/interface'

import { MAX_REFUSED_STREAMS } from './libp2p-limits.ts'
import { Budget } from './mailbox/budget.ts'

/** Streams that the other end may open on a connection: so many at once, and so many a second after that. */
export interface StreamPace {
  readonly atOnce: number
  readonly perSecond: number
  /** One was refused. */
  readonly onRefused?: () => void
}

/** Larger windows outgrow the buffer of a stream that is read slowly; a sender that is paused stops after this much. */
const STREAM_WINDOW_BYTES = 1024 * 1024

type Yamux = ReturnType<typeof yamux>

/**
 * yamux as relays and devices use it, which refuses streams that are opened too fast, and ends a connection on which it is no use. Twelve
 * bytes open and end a stream, which costs its reader a tenth of a millisecond, and 10 KB for ten seconds.
 */
export function measuredYamux(pace: StreamPace, clock: Pick<Clock, 'monotonic'>): Yamux {
  const make = yamux({ streamOptions: { maxStreamWindowSize: STREAM_WINDOW_BYTES } })
  return () => {
    const factory = make()
    const create = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection) => {
      const muxer = create(connection)
      measure(muxer as unknown as Measured, pace, clock)
      return muxer
    }
    return factory
  }
}

/** Not in its type, but the one place where a stream begins; afterwards it is too late. */
interface Measured {
  incomingStream(id: number): void
  sendFrame(header: { type: number; flag: number; streamID: number; length: number }): void
  abort(error: Error): void
}
const [WINDOW_UPDATE, RST] = [1, 8]

function measure(muxer: Measured, { atOnce, perSecond, onRefused }: StreamPace, clock: Pick<Clock, 'monotonic'>): void {
  const open = muxer.incomingStream.bind(muxer)
  const budget = new Budget(perSecond, atOnce, clock.monotonic())
  let refused = 0
  muxer.incomingStream = (id) => {
    if (budget.take(1, clock.monotonic())) return open(id)
    refused += 1
    onRefused?.()
    if (refused > MAX_REFUSED_STREAMS * atOnce) return muxer.abort(new Error('too many streams'))
    return muxer.sendFrame({ type: WINDOW_UPDATE, flag: RST, streamID: id, length: 0 })
  }
}
