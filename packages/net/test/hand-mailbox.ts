import type { Crypto, RelayId } from '@sotto/interface'
import {
  decodeOperation,
  decodeRequest,
  decodeServerFrame,
  encodeServerFrame,
  MAX_SERVER_FRAME_BYTES,
  Status,
} from '@sotto/wire'

import { openFrames } from '../src/frames.ts'
import { openMailboxSession, type MailboxSession } from '../src/mailbox/session.ts'
import { clock } from './clock.ts'
import { crypto } from './crypto.ts'
import { framed, HandStream, turns, unframed, type RawLine } from './hostile/index.ts'

export const MAILBOX = 'ab'.repeat(32)
const KEY = { seed: new Uint8Array(32).fill(7), publicKey: new Uint8Array(32).fill(8) }
export const HELLO: Uint8Array = encodeServerFrame({
  frame: { case: 'hello', value: { challenge: new Uint8Array(32), maxFrame: 163_840 } },
})
/** What is asked on each line, in this order: the ids are 1 to 4. */
const ASKED = ['listing', 'bodies', 'blob', 'stored'] as const

/** Signatures are what takes long, and nobody here looks at them. */
const unsigned: Crypto = { ed25519: { ...crypto.ed25519, sign: () => new Uint8Array(64) } }

/** Mailbox sessions of a client with a relay that is the test's hand; and one with a relay that keeps the rules. */
export class HandMailbox {
  /** Requests that have been answered, if only with a refusal. */
  settled = 0
  asked = 0
  mail = 0
  signals = 0
  #honest: Promise<{ session: MailboxSession; stream: HandStream }> | undefined
  #round = 0

  /** A session that waits for the relay's first word. */
  fresh(): RawLine {
    const stream = new HandStream('/sotto/mailbox/1')
    void this.#session(stream)
    return lineOf(stream)
  }

  /** A session that has begun, with four requests on their way. */
  async begun(): Promise<RawLine> {
    const stream = new HandStream('/sotto/mailbox/1')
    const opening = this.#session(stream)
    stream.deliver(framed(HELLO))
    const session = await opening
    this.#ask(session)
    while (unframed(stream.answers).length < ASKED.length) await turns(1)
    return lineOf(stream)
  }

  /** Which frames must end a session that has begun. */
  readonly judge = (): ((frame: Uint8Array) => boolean) => {
    const open = new Map<number, string>(ASKED.map((kind, index) => [index + 1, kind]))
    return (bytes) => {
      const decoded = decodeServerFrame(bytes)
      if (!decoded.ok || decoded.value.frame.case === 'hello') return true
      const { frame } = decoded.value
      if (frame.case !== 'response') return false
      const { id, status, body } = frame.value
      const expected = open.get(id)
      open.delete(id)
      if (id > ASKED.length) return true
      return expected !== undefined && status === Status.OK && body.case !== expected
    }
  }

  /** A listing from the honest relay, which must come as it was sent. */
  async honest(): Promise<void> {
    const { session, stream } = await (this.#honest ??= this.#good())
    const seq = (this.#round += 1)
    stream.answers.length = 0
    const listing = session.list(MAILBOX as never, KEY, 0)
    while (stream.answers.length === 0 && session.open) await turns(1)
    const [request] = unframed(stream.answers)
    const decoded = request === undefined ? undefined : decodeRequest(request)
    if (decoded?.ok !== true || !decodeOperation(decoded.value.op).ok) throw new Error('Nothing was asked.')
    const entries = [{ seq, tag: new Uint8Array(16).fill(seq), size: 2_048 }]
    const value = {
      id: decoded.value.id,
      status: Status.OK,
      body: { case: 'listing' as const, value: { entries, last: seq } },
    }
    stream.deliver(framed(encodeServerFrame({ frame: { case: 'response', value } })))
    const heard = await listing
    if (!heard.ok || heard.value.last !== seq || heard.value.entries[0]?.seq !== seq)
      throw new Error('Another listing.')
  }

  async #good(): Promise<{ session: MailboxSession; stream: HandStream }> {
    const stream = new HandStream('/sotto/mailbox/1')
    const opening = this.#session(stream)
    stream.deliver(framed(HELLO))
    return { session: await opening, stream }
  }

  async #session(stream: HandStream): Promise<MailboxSession> {
    const opened = await openMailboxSession({
      frames: openFrames(stream, { maxFrame: MAX_SERVER_FRAME_BYTES }),
      relayId: 'relay' as RelayId,
      crypto: unsigned,
      clock,
      onMail: () => void (this.mail += 1),
      onSignal: () => void (this.signals += 1),
      onEnd: () => undefined,
    })
    return opened.ok ? opened.value : never()
  }

  #ask(session: MailboxSession): void {
    const entry = { tag: new Uint8Array(16), body: new Uint8Array(2_048) }
    const asks = [
      session.list(MAILBOX as never, KEY, 0),
      session.get(MAILBOX as never, KEY, [1, 2]),
      session.getBlob(new Uint8Array(32)),
      // Last, since its proof of work, however small, is waited for.
      session.put(MAILBOX as never, KEY, entry),
    ]
    this.asked += asks.length
    for (const ask of asks) void ask.then(() => (this.settled += 1))
  }
}

/** The session that never was: whoever asked for it is not told, as nobody waits for it. */
function never(): Promise<never> {
  return new Promise(() => undefined)
}

function lineOf(stream: HandStream): RawLine {
  return {
    deliver: (bytes) => stream.deliver(framed(bytes)),
    raw: (bytes) => stream.deliver(bytes),
    get isOver() {
      return stream.isOver
    },
    end: () => stream.end(),
  }
}
