import type { Connection, Stream } from '@libp2p/interface'
import { boundMessages, MAX_HOP_REQUEST_BYTES } from '@sotto/net/mailbox'

const HOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/hop'
/** So that a refusal is still read. */
const LINGER_MS = 1_000

type Handle = (
  protocol: string,
  handler: (stream: Stream, connection: Connection) => unknown,
  ...rest: never[]
) => unknown

/** The part of libp2p that knows which protocols are served. */
interface GuardComponents {
  readonly registrar: object
}

/**
 * A libp2p service, to be made before the circuit relay: bounds what may be asked of that, and ends the stream of whoever was
 * refused. libp2p reads 4 MiB of addresses, and leaves refused streams open for as long as their other end likes.
 */
export function hopGuard(): (components: GuardComponents) => object {
  return ({ registrar }) => {
    const guarded = registrar as { handle: Handle }
    const handle = guarded.handle.bind(registrar)
    guarded.handle = (protocol, handler, ...rest) =>
      handle(protocol, protocol === HOP_PROTOCOL ? guard(handler) : handler, ...rest)
    return {}
  }
}

function guard(handler: (stream: Stream, connection: Connection) => unknown) {
  return async (stream: Stream, connection: Connection): Promise<void> => {
    boundMessages(stream, MAX_HOP_REQUEST_BYTES, 'first')
    const answered = watchAnswer(stream)
    await handler(stream, connection)
    if (answered.isOk()) return // The stream is a circuit by now, or closed behind the reservation.
    await stream.close().catch(() => undefined)
    setTimeout(() => stream.abort(new Error('refused')), LINGER_MS).unref()
  }
}

/** Whether the last thing said on the stream was STATUS OK: field 5 with the value 100 stands last in it. */
function watchAnswer(stream: Stream): { isOk(): boolean } {
  let last: readonly number[] = []
  const send = stream.send.bind(stream)
  stream.send = (data) => {
    last = [...data.subarray().subarray(-2)]
    return send(data)
  }
  return {
    isOk() {
      stream.send = send
      return last[0] === 0x28 && last[1] === 100
    },
  }
}
