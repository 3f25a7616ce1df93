import type { Connection, Startable, Stream } from '@libp2p/interface'

import { MAX_ECHO_BYTES } from './libp2p-limits.ts'

export const PING_PROTOCOL = '/ipfs/ping/1.0.0'
/** A ping that is not over by then never will be. */
const PING_MS = 10_000
const MAX_STREAMS = 2

interface PingComponents {
  readonly registrar: {
    handle(
      protocol: string,
      handler: (stream: Stream, connection: Connection) => void,
      options: { maxInboundStreams: number; runOnLimitedConnection: boolean },
    ): Promise<void>
    unhandle(protocol: string): Promise<void>
  }
}

/**
 * Answers libp2p's ping, as a service. libp2p's own keeps in memory whatever somebody sends and does not read back, as fast as he
 * can send it.
 */
export function pings(): (components: PingComponents) => Startable {
  return ({ registrar }) => ({
    start: () =>
      registrar.handle(PING_PROTOCOL, echo, { maxInboundStreams: MAX_STREAMS, runOnLimitedConnection: false }),
    stop: () => registrar.unhandle(PING_PROTOCOL),
  })
}

function echo(stream: Stream): void {
  let bytes = 0
  const signal = AbortSignal.timeout(PING_MS)
  const giveUp = (): void => stream.abort(new Error('a ping without end'))
  signal.addEventListener('abort', giveUp)
  stream.addEventListener('close', () => signal.removeEventListener('abort', giveUp))
  stream.addEventListener('remoteCloseWrite', () => void stream.close().catch(giveUp))
  stream.addEventListener('message', ({ data }) => {
    bytes += data.byteLength
    if (bytes > MAX_ECHO_BYTES || stream.writeStatus !== 'writable') return giveUp()
    stream.send(data)
  })
}
