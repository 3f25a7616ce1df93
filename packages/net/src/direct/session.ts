import type { DirectSession, PathFacts } from '@sotto/interface'
import { decodeEventsFrame, encodeEventsFrame } from '@sotto/wire'

import type { Frames } from '../frames.ts'

/** Bytes of envelopes in flight per direction before the sender waits. */
const WINDOW_BYTES = 1024 * 1024
/** Envelopes that may wait here for their turn; beyond it `send` answers false at once. */
const MAX_WAITING = 4_096

export interface SessionInit {
  readonly context: string
  readonly peer: string
  readonly path: PathFacts
  readonly frames: Frames
  onEnvelope(session: DirectSession, envelope: Uint8Array): Promise<boolean>
  onEnd(session: DirectSession): void
  /** A frame broke the protocol; counted. */
  onFault(): void
}

interface Waiting {
  readonly envelope: Uint8Array
  readonly resolve: (held: boolean) => void
}

/**
 * `/sotto/events/1` on one stream, both ways. Envelopes are handed up one after the other and acknowledged when they are held;
 * what the other side has not acknowledged counts against its window.
 */
export class EventsSession implements DirectSession {
  readonly context: string
  readonly peer: string
  readonly path: PathFacts
  readonly #init: SessionInit
  readonly #unacked = new Map<number, Waiting>()
  readonly #waiting: Waiting[] = []
  #sent = 0
  #inFlight = 0
  #received = 0
  #receivedBytes = 0
  #tail: Promise<void> = Promise.resolve()
  #isOver = false

  constructor(init: SessionInit) {
    this.#init = init
    this.context = init.context
    this.peer = init.peer
    this.path = init.path
  }

  /** Begins reading; call once, after the session has been announced. */
  listen(): void {
    this.#init.frames.listen({ onFrame: (frame) => this.#onFrame(frame), onEnd: () => this.#end() })
  }

  send(envelope: Uint8Array): Promise<boolean> {
    if (this.#isOver || this.#waiting.length >= MAX_WAITING) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#waiting.push({ envelope, resolve })
      this.#pump()
    })
  }

  close(): void {
    this.#init.frames.close()
    this.#end()
  }

  #pump(): void {
    for (;;) {
      const next = this.#waiting[0]
      if (next === undefined || (this.#inFlight > 0 && this.#inFlight + next.envelope.length > WINDOW_BYTES)) return
      this.#waiting.shift()
      this.#sent += 1
      this.#inFlight += next.envelope.length
      this.#unacked.set(this.#sent, next)
      const { envelope } = next
      this.#init.frames.send(encodeEventsFrame({ frame: { case: 'data', value: { number: this.#sent, envelope } } }))
    }
  }

  #onFrame(bytes: Uint8Array): void {
    const decoded = decodeEventsFrame(bytes)
    if (!decoded.ok) return this.#fault()
    const { frame } = decoded.value
    if (frame.case === 'data') return this.#onData(frame.value.number, frame.value.envelope)
    if (frame.case === 'ack') return this.#onAck(frame.value.number)
    // A credit says that the other side has room for more than the window; we never use more.
  }

  #onData(number: number, envelope: Uint8Array): void {
    this.#receivedBytes += envelope.length
    if (number !== this.#received + 1 || this.#receivedBytes > WINDOW_BYTES + envelope.length) return this.#fault()
    this.#received = number
    this.#tail = this.#tail.then(() => this.#take(number, envelope))
  }

  async #take(number: number, envelope: Uint8Array): Promise<void> {
    if (this.#isOver) return
    let held = false
    try {
      held = await this.#init.onEnvelope(this, envelope)
    } catch {
      // Our own store failed: it is not held, and the other side keeps it.
    }
    this.#receivedBytes -= envelope.length
    if (!held) return this.#fault()
    this.#init.frames.send(encodeEventsFrame({ frame: { case: 'ack', value: { number } } }))
  }

  #onAck(upTo: number): void {
    if (upTo > this.#sent) return this.#fault()
    for (const [number, waiting] of this.#unacked) {
      if (number > upTo) break
      this.#unacked.delete(number)
      this.#inFlight -= waiting.envelope.length
      waiting.resolve(true)
    }
    this.#pump()
  }

  #fault(): void {
    this.#init.onFault()
    this.#init.frames.abort()
    this.#end()
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const { resolve } of [...this.#unacked.values(), ...this.#waiting]) resolve(false)
    this.#unacked.clear()
    this.#waiting.length = 0
    this.#init.onEnd(this)
  }
}
