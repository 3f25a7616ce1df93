import type { Connection } from '@libp2p/interface'
import type { MultiaddrInput } from '@multiformats/multiaddr'
import { multiaddr } from '@multiformats/multiaddr'
import { ok, refuse, type MailboxId, type RelayId, type Result } from '@sotto/interface'
import { MAILBOX_PROTOCOL, MAX_SERVER_FRAME_BYTES } from '@sotto/wire'

import { abortConnection } from './abort-connection.ts'
import { openFrames } from './frames.ts'
import type { TransportInit } from './init.ts'
import { watchLiveness } from './liveness.ts'
import { openMailboxSession, type MailboxSession } from './mailbox/session.ts'
import type { Node } from './platform.ts'
import { problemOf, type RelayProblem } from './relay-problem.ts'

const CONNECT_MS = 10_000
const QUIET_MS = 15_000
const ANSWER_MS = 10_000

export interface RelayConnection {
  readonly session: MailboxSession
  readonly connection: Connection
}

export interface RelayConnectionEvents {
  onMail(mailbox: MailboxId): void
  onSignal(mailbox: MailboxId, record: Uint8Array): void
  /** The session is over. */
  onEnd(): void
}

/** A mailbox session over a connection whose other end is that relay and no other. Nothing stays open when it fails. */
export async function connectRelay(
  node: Node,
  relay: { id: RelayId; addresses: readonly MultiaddrInput[] },
  init: TransportInit,
  events: RelayConnectionEvents,
): Promise<Result<RelayConnection, RelayProblem>> {
  let connection: Connection | undefined
  const began = init.clock.monotonic()
  try {
    const signal = AbortSignal.timeout(CONNECT_MS)
    connection = await node.dial(
      relay.addresses.map((address) => multiaddr(address)),
      { signal },
    )
    const stream = await connection.newStream(MAILBOX_PROTOCOL, { signal })
    const opened = await openMailboxSession({
      frames: openFrames(stream, { maxFrame: MAX_SERVER_FRAME_BYTES }),
      relayId: relay.id,
      crypto: init.crypto,
      clock: init.clock,
      ...(init.metrics === undefined ? {} : { metrics: init.metrics }),
      ...events,
    })
    if (opened.ok) {
      const gone = connection
      const onDead = (): void => abortConnection(gone, 'the relay is silent')
      watchLiveness({ clock: init.clock, connection, stream, quietMs: QUIET_MS, answerMs: ANSWER_MS, onDead })
      return ok({ session: opened.value, connection })
    }
    abortConnection(connection, 'no mailboxes here')
    return refuse(opened.reason === 'silent' ? 'timeout' : 'unsupported')
  } catch (error) {
    // A connection on which nothing can be opened would be found again by the next attempt.
    if (connection !== undefined) abortConnection(connection, 'no session')
    return refuse(problemOf(error, init.clock.monotonic() - began))
  }
}
