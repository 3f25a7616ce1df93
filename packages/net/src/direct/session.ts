import type { DirectSession, PathFacts } from '@sotto/interface'
import { decodeEventsFrame, encodeEventsFrame, MAX_CREDIT_BYTES, MAX_ENVELOPE_BYTES } from '@sotto/wire'

import { NetError } from '../errors.ts'
import type { Frames } from '../frames.ts'
import { Inbox } from './inbox.ts'

/** Envelopes in flight at once, however small they are. */
export const MAX_IN_FLIGHT = 1_024
/** Envelopes that may wait here for their turn; beyond it `send` answers false at once. */
const MAX_WAITING = 4_096

export interface SessionInit {
  readonly context: string
  readonly peer: string
  readonly path: PathFacts
  readonly frames: Frames
  onEnvelope(session: DirectSession, envelope: Uint8Array): Promise<boolean>
  onEnd(session: EventsSession): void
  /** A frame broke the protocol, or too many envelopes in a row were not taken; counted. */
  onFault(): void
  /** Monotonic, ms. */
  now(): number
}

interface Waiting {
  readonly envelope: Uint8Array
  readonly resolve: (held: boolean) => void
}

/**
 * `/sotto/events/1` on one stream, both ways. A side sends no more bytes of envelopes than the other has given credit for, and
 * is told which of them the other holds durably.
 */
export class EventsSession implements DirectSession {
  readonly context: string
  readonly peer: string
  readonly path: PathFacts
  readonly #init: SessionInit
  readonly #inbox: Inbox
  readonly #unacked = new Map<number, Waiting>()
  readonly #waiting: Waiting[] = []
  #sent = 0
  #credit = 0
  #isOver = false

  constructor(init: SessionInit) {
    this.#init = init
    this.context = init.context
    this.peer = init.peer
    this.path = init.path
    this.#inbox = new Inbox({
      take: async (envelope) => !this.#isOver && (await init.onEnvelope(this, envelope)),
      ack: (number) => void init.frames.send(encodeEventsFrame({ frame: { case: 'ack', value: { number } } })),
      grant: (bytes) => void init.frames.send(encodeEventsFrame({ frame: { case: 'credit', value: { bytes } } })),
      refuse: (number) => void init.frames.send(encodeEventsFrame({ frame: { case: 'refused', value: { number } } })),
      fault: () => this.#fault(),
      now: () => init.now(),
    })
  }

  /** Begins reading; call once, after the session has been announced. */
  listen(): void {
    this.#inbox.open()
    this.#init.frames.listen({ onFrame: (frame) => this.#onFrame(frame), onEnd: () => this.#end() })
  }

  /** Rejects with `NetError` `too-large` for more than fits one frame. */
  async send(envelope: Uint8Array): Promise<boolean> {
    if (envelope.length === 0 || envelope.length > MAX_ENVELOPE_BYTES) {
      throw new NetError('too-large', `An envelope has 1 to ${MAX_ENVELOPE_BYTES} bytes; send more as fragments.`)
    }
    if (this.#isOver || this.#waiting.length >= MAX_WAITING) return false
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
      if (next === undefined || next.envelope.length > this.#credit || this.#unacked.size >= MAX_IN_FLIGHT) return
      this.#waiting.shift()
      this.#sent += 1
      this.#credit -= next.envelope.length
      this.#unacked.set(this.#sent, next)
      const { envelope } = next
      this.#init.frames.send(encodeEventsFrame({ frame: { case: 'data', value: { number: this.#sent, envelope } } }))
    }
  }

  #onFrame(bytes: Uint8Array): void {
    const decoded = decodeEventsFrame(bytes)
    if (!decoded.ok) return this.#fault()
    const { frame } = decoded.value
    if (frame.case === 'data') this.#inbox.receive(frame.value.number, frame.value.envelope)
    else if (frame.case === 'ack') this.#onAck(frame.value.number)
    else if (frame.case === 'refused') this.#onRefused(frame.value.number)
    else if (frame.case === 'credit') this.#onCredit(frame.value.bytes)
  }

  #onCredit(bytes: number): void {
    this.#credit += bytes
    if (this.#credit > MAX_CREDIT_BYTES) return this.#fault()
    this.#pump()
  }

  #onAck(upTo: number): void {
    if (upTo > this.#sent) return this.#fault()
    for (const [number, { resolve }] of this.#unacked) {
      if (number > upTo) break
      this.#unacked.delete(number)
      resolve(true)
    }
    this.#pump()
  }

  #onRefused(number: number): void {
    const refused = this.#unacked.get(number)
    if (refused === undefined) return this.#fault()
    this.#unacked.delete(number)
    refused.resolve(false)
    this.#pump()
  }

  #fault(): void {
    if (this.#isOver) return
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
