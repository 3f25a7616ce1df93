import { ok, refuse, type Clock, type Crypto, type MailboxKey, type RelayResult } from '@sotto/interface'
import { encodeOperation, encodeRequest, Status, statusToRefusal, type Response } from '@sotto/wire'

import type { Frames } from '../frames.ts'
import { signRequest, type SessionContext } from './auths.ts'

type OperationInit = Parameters<typeof encodeOperation>[0]['op'] & object
export type ResponseBody = Response['body']
type Settle = (result: RelayResult<ResponseBody>) => void

/** An operation on its way: what to ask, who signs, how long to wait. */
export interface Ask {
  readonly op: OperationInit
  readonly keys: readonly MailboxKey[]
  readonly signal?: AbortSignal | undefined
}

export interface RequestsInit {
  readonly frames: Frames
  readonly context: SessionContext
  readonly crypto: Crypto
  readonly clock: Clock
}

/** How long the relay may take for one answer, in ms. */
export const ANSWER_MS = 15_000
/** What a relay takes at once; what may wait behind that here. */
const MAX_IN_FLIGHT = 64
const MAX_WAITING = 1_024

/** Numbers, signs and sends operations, and matches the answers to them. Every ask ends once: answer, time or end of the stream. */
export class Requests {
  readonly #init: RequestsInit
  readonly #pending = new Map<number, Settle>()
  readonly #waiting: (() => void)[] = []
  #nextId = 1
  #inFlight = 0
  #heard = 0
  #ended = false
  #sending: Promise<void> = Promise.resolve()

  constructor(init: RequestsInit) {
    this.#init = init
  }

  /** Rejects only with the signal's own reason. */
  async ask({ op, keys, signal }: Ask): Promise<RelayResult<ResponseBody>> {
    signal?.throwIfAborted()
    if (this.#waiting.length >= MAX_WAITING) return refuse('busy')
    if (this.#inFlight >= MAX_IN_FLIGHT) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#inFlight++
    try {
      signal?.throwIfAborted()
      if (this.#ended) return refuse('unreachable')
      return await this.#exchange(op, keys, signal)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#inFlight--
      else next()
    }
  }

  /** An answer has come. False when nothing waits for it, which a relay must not do (one that came too late may). */
  settle({ id, status, body }: Response): boolean {
    if (id >= this.#nextId) return false
    const refusal = statusToRefusal(status)
    if (refusal === undefined && status !== Status.OK) return false
    this.#pending.get(id)?.(refusal === undefined ? ok(body) : refuse(refusal))
    return true
  }

  /** The relay has said something. */
  heard(): void {
    this.#heard = this.#init.clock.monotonic()
  }

  /** The stream has ended: nothing will be answered any more. */
  end(): void {
    this.#ended = true
    for (const settle of this.#pending.values()) settle(refuse('unreachable'))
  }

  async #exchange(
    op: OperationInit,
    keys: readonly MailboxKey[],
    signal: AbortSignal | undefined,
  ): Promise<RelayResult<ResponseBody>> {
    const { crypto, context, frames } = this.#init
    const id = this.#nextId++
    const encoded = encodeOperation({ op })
    const answer = this.#expect(id, signal)
    // Signing may take turns of its own; frames must leave in the order of their ids all the same.
    const auths = signRequest(crypto, context, { id, op: encoded }, keys)
    const sent = this.#sending.then(async () => {
      frames.send(encodeRequest({ id, op: encoded, auths: await auths }))
    })
    this.#sending = sent.catch(() => this.#pending.get(id)?.(refuse('unreachable')))
    return answer
  }

  #expect(id: number, signal: AbortSignal | undefined): Promise<RelayResult<ResponseBody>> {
    const { clock, frames } = this.#init
    const asked = clock.monotonic()
    return new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        cancel()
        signal?.removeEventListener('abort', abort)
        this.#pending.delete(id)
        act()
      }
      const abort = (): void => finish(() => reject(signal?.reason))
      const cancel = clock.after(ANSWER_MS, () => {
        finish(() => resolve(refuse('unreachable')))
        // Not a word since we asked: the relay is gone even if nobody told us.
        if (this.#heard < asked) frames.abort()
      })
      signal?.addEventListener('abort', abort)
      this.#pending.set(id, (result) => finish(() => resolve(result)))
    })
  }
}
