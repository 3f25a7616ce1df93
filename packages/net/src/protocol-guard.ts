import type { Connection, Stream } from '@libp2p/interface'

type Handle = (
  protocol: string,
  handler: (stream: Stream, connection: Connection) => unknown,
  ...rest: never[]
) => unknown

/** The part of libp2p that knows which protocols are served. */
export interface GuardComponents {
  readonly registrar: object
}

/**
 * A libp2p service that asks `admits` before any protocol's handler sees a stream, libp2p's own protocols included. Not by the
 * registrar's middleware: libp2p 3.3 adds the handler to that list again with every stream.
 */
export function protocolGuard(
  admits: (protocol: string, connection: Connection) => boolean,
): (components: GuardComponents) => object {
  return ({ registrar }) => {
    const guarded = registrar as { handle: Handle }
    const handle = guarded.handle.bind(registrar)
    guarded.handle = (protocol, handler, ...rest) =>
      handle(
        protocol,
        (stream, connection) => {
          if (admits(protocol, connection)) return handler(stream, connection)
          return stream.abort(new Error('not served'))
        },
        ...rest,
      )
    return {}
  }
}
