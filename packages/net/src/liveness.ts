import type { Connection, Stream } from '@libp2p/interface'
import type { Clock } from '@sotto/interface'

import { inTime } from './in-time.ts'
import { PING_PROTOCOL } from './pings.ts'

const PING_BYTES = 32
/** How long a silence is borne from its first unanswered ping on, where no other connection could be made. */
export const MAX_BORNE_MS = 60_000

export interface LivenessInit {
  readonly clock: Clock
  readonly connection: Connection
  /** The stream whose data shows that the other side is there. Somebody must already be listening to it. */
  readonly stream: Stream
  /** Without a byte for that long, the other side is asked. */
  readonly quietMs: number
  /** How long the answer may take. */
  readonly answerMs: number
  /** Whether another connection could be made in place of this one. While none can, it is given up only after a much longer silence. */
  isReplaceable?(): boolean
  /** It would have been given up, and is kept since nothing could replace it. */
  onBorne?(): void
  onDead(): void
}

/**
 * Notices a peer that is gone without a word, within `quietMs`, `answerMs`, and once more the greater of them. A ping may wait behind the data of a busy
 * connection, so that one which is late proves nothing while data comes. A machine that hangs, or a network that is away, for some seconds must not part
 * for good two who nobody could introduce again. Ends by itself with the stream.
 */
export function watchLiveness(init: LivenessInit): void {
  const { clock, connection, stream, quietMs, answerMs, onDead } = init
  let heard = 0
  let checked = 0
  let silentSince: number | undefined
  let cancel = (): void => undefined
  const later = (): void => {
    cancel = clock.after(quietMs, () => void check())
  }
  const isBorne = (): boolean => {
    silentSince ??= clock.monotonic()
    if (init.isReplaceable?.() !== false || clock.monotonic() - silentSince >= MAX_BORNE_MS) return false
    init.onBorne?.()
    return true
  }
  const check = async (): Promise<void> => {
    const before = heard
    const isQuiet = before === checked
    const isThere = !isQuiet || (await inTime(clock, answerMs, ping(connection))) === true || heard !== before
    checked = heard
    if (stream.status !== 'open') return
    if (isThere) silentSince = undefined
    else if (!isBorne()) return onDead()
    later()
  }
  stream.addEventListener('message', () => (heard += 1))
  stream.addEventListener('close', () => cancel())
  later()
}

/** True when the other side sent something back. */
async function ping(connection: Connection): Promise<boolean> {
  const stream = await connection.newStream(PING_PROTOCOL)
  const answer = new Promise<boolean>((resolve) => {
    stream.addEventListener('message', () => resolve(true))
    stream.addEventListener('close', () => resolve(false))
  })
  stream.send(new Uint8Array(PING_BYTES))
  const isThere = await answer
  stream.abort(new Error('answered'))
  return isThere
}
