import type { Connection, Stream } from '@libp2p/interface'

import { boundMessages } from './bounded-messages.ts'
import { CIRCUIT_STOP_PROTOCOL, SIGNALLING_PROTOCOL } from './gate.ts'
import { MAX_HOP_ANSWER_BYTES, MAX_SIGNALLING_BYTES, MAX_STOP_BYTES } from './libp2p-limits.ts'

const CIRCUIT_HOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/hop'

/**
 * Protocols that libp2p speaks for us with relays and with peers that have been announced only, and how large a message of theirs may
 * be.
 */
const BOUNDS: Readonly<Record<string, { readonly maxBytes: number; readonly which: 'first' | 'all' }>> = {
  // What follows the first message of a circuit's streams is the circuit itself.
  [CIRCUIT_HOP_PROTOCOL]: { maxBytes: MAX_HOP_ANSWER_BYTES, which: 'first' },
  [CIRCUIT_STOP_PROTOCOL]: { maxBytes: MAX_STOP_BYTES, which: 'first' },
  [SIGNALLING_PROTOCOL]: { maxBytes: MAX_SIGNALLING_BYTES, which: 'all' },
}

type Handle = (
  protocol: string,
  handler: (stream: Stream, connection: Connection) => unknown,
  ...rest: never[]
) => unknown

/** The parts of libp2p by which streams come to be. */
export interface BoundsComponents {
  readonly registrar: object
  readonly events: {
    addEventListener(type: 'connection:open', listener: (event: { readonly detail: Connection }) => void): void
  }
}

/** A libp2p service that bounds those messages, on streams that are opened to us and on those that we open. */
export function messageBounds(): (components: BoundsComponents) => object {
  return ({ registrar, events }) => {
    const bounded = registrar as { handle: Handle }
    const handle = bounded.handle.bind(registrar)
    bounded.handle = (protocol, handler, ...rest) =>
      handle(
        protocol,
        (stream, connection) => {
          bound(protocol, stream)
          return handler(stream, connection)
        },
        ...rest,
      )
    events.addEventListener('connection:open', ({ detail: connection }) => {
      const newStream = connection.newStream.bind(connection)
      connection.newStream = async (...about) => {
        const stream = await newStream(...about)
        bound(stream.protocol, stream)
        return stream
      }
    })
    return {}
  }
}

function bound(protocol: string, stream: Stream): void {
  const limit = BOUNDS[protocol]
  if (limit !== undefined) boundMessages(stream, limit.maxBytes, limit.which)
}
