import type { Clock, Crypto, Logger, MailboxId, Metrics } from '@sotto/interface'
import {
  decodeOperation,
  decodeRequest,
  encodeServerFrame,
  fromHex,
  MAX_REQUEST_BYTES,
  refusalToStatus,
  Status,
  type Operation,
  type Request,
} from '@sotto/wire'

import type { Frames, FramesEnd } from '../frames.ts'
import { nextMacrotask } from '../macrotask.ts'
import { signersOf, type SessionContext } from './auths.ts'
import { Budget } from './budget.ts'
import type { Answer, Operations, Outcome, Session } from './operations.ts'

/** Limits of one stream. */
const MAX_PENDING = 64
const RESUME_PENDING = 32
const BYTES_PER_SECOND = 8 * 1024 * 1024
const BURST_BYTES = 16 * 1024 * 1024
/** A signature costs about as much processor time as this many bytes. */
const SIGNATURE_BYTES = 2_048
/** A client that reads nothing of what it asked for, for so long, is given up. */
const STALLED_MS = 60_000
const MAX_QUEUED_SIGNALS_BYTES = 1024 * 1024

export interface ServerSessionInit {
  readonly frames: Frames
  readonly context: SessionContext
  readonly operations: Operations
  readonly source: string
  readonly crypto: Crypto
  readonly clock: Clock
  readonly metrics: Metrics
  readonly logger: Logger
  onEnd(session: ServerSession): void
}

/** The relay's end of one stream: admits requests at the rate it can bear, and answers each one once. */
export class ServerSession implements Session {
  readonly mailboxes: Set<MailboxId> = new Set()
  readonly source: string
  readonly #init: ServerSessionInit
  readonly #budget: Budget
  readonly #mail = new Map<MailboxId, number>()
  #lastId = 0
  #pending = 0
  #paused = false
  #resting = false
  #broke = false
  #ended = false
  #turn: Promise<unknown> = Promise.resolve()

  constructor(init: ServerSessionInit) {
    this.#init = init
    this.source = init.source
    this.#budget = new Budget(BYTES_PER_SECOND, BURST_BYTES, init.clock.monotonic())
  }

  start(): void {
    const { frames, context } = this.#init
    this.#send({
      case: 'hello',
      value: { challenge: context.challenge, maxFrame: MAX_REQUEST_BYTES },
    })
    frames.listen({
      onFrame: (frame) => this.#receive(frame),
      onEnd: (reason) => this.#end(reason),
    })
  }

  close(): void {
    this.#init.frames.close()
  }

  mail(mailbox: MailboxId, last: number): void {
    if (this.#mail.size === 0) nextMacrotask(() => void this.#sendMail())
    this.#mail.set(mailbox, last)
  }

  signalled(mailbox: MailboxId, record: Uint8Array): void {
    // A hint for who reads now: a session that does not read must not make the relay hold it.
    if (this.#init.frames.queued > MAX_QUEUED_SIGNALS_BYTES) return
    this.#send({ case: 'signalled', value: { mailbox: fromHex(mailbox), record } })
  }

  #receive(frame: Uint8Array): void {
    const { clock } = this.#init
    const request = decodeRequest(frame)
    if (!request.ok) return this.#refuse(request.reason)
    const op = decodeOperation(request.value.op)
    if (!op.ok) return this.#refuse(op.reason)
    // Ids grow, so that a request taken from this very session cannot be asked again.
    if (request.value.id <= this.#lastId) return this.#refuse('replayed')
    this.#lastId = request.value.id
    this.#admit(request.value, op.value.op)
    const wait = this.#budget.spend(frame.length + request.value.auths.length * SIGNATURE_BYTES, clock.monotonic())
    if (wait > 0) this.#rest(wait)
    else if (this.#pending >= MAX_PENDING) this.#pause()
  }

  #admit(request: Request, op: Operation['op']): void {
    this.#pending++
    const { crypto, context } = this.#init
    // Signatures are checked side by side; operations then take effect in the order in which they came.
    const keys = signersOf(crypto, context, request)
    this.#turn = this.#turn.then(() => this.#perform(request.id, op, keys))
  }

  async #perform(id: number, op: Operation['op'], keys: Promise<readonly Uint8Array[] | undefined>): Promise<void> {
    const signers = await keys.catch(() => undefined)
    // Who asks for much and does not read gets nothing more until he has read.
    await this.#untilDrained()
    if (this.#ended) return // Nobody would be told, and a subscription would outlive its session.
    const answered = this.#answer(
      id,
      op.case ?? 'none',
      this.#init.operations.run({ op, keys: signers, session: this }),
    )
    if (op.case === 'get' || op.case === 'getBlob') await answered
  }

  async #answer(id: number, operation: string, running: Promise<Outcome>): Promise<void> {
    const outcome = await running.catch((error: unknown): Outcome => this.#failed(error))
    const status = outcome.ok ? Status.OK : refusalToStatus(outcome.reason)
    const answer: Answer = outcome.ok ? outcome.value : undefined
    this.#init.metrics.count('mailbox_requests', { operation, status: outcome.ok ? 'ok' : outcome.reason })
    this.#send({ case: 'response', value: answer === undefined ? { id, status } : { id, status, body: answer } })
    this.#pending--
    if (this.#paused && this.#pending <= RESUME_PENDING && !this.#resting) this.#resume()
  }

  async #untilDrained(): Promise<void> {
    const { frames, clock } = this.#init
    const cancel = clock.after(STALLED_MS, () => this.#refuse('stalled'))
    await frames.drained()
    cancel()
  }

  #failed(error: unknown): Outcome {
    this.#init.metrics.count('mailbox_failures')
    this.#init.logger.warn('a request failed', {
      error: error instanceof Error ? error.name : 'unknown',
    })
    return { ok: false, reason: 'busy' }
  }

  async #sendMail(): Promise<void> {
    await this.#init.frames.drained()
    const mail = [...this.#mail]
    this.#mail.clear()
    for (const [mailbox, last] of mail) this.#send({ case: 'mail', value: { mailbox: fromHex(mailbox), last } })
  }

  #rest(ms: number): void {
    this.#resting = true
    this.#pause()
    this.#init.metrics.count('mailbox_throttled')
    this.#init.clock.after(ms, () => {
      this.#resting = false
      if (this.#pending <= RESUME_PENDING) this.#resume()
    })
  }

  #pause(): void {
    this.#paused = true
    this.#init.frames.pause()
  }

  #resume(): void {
    this.#paused = false
    this.#init.frames.resume()
  }

  #refuse(reason: string): void {
    this.#broke = true
    this.#init.metrics.count('mailbox_refused_frames', { reason })
    this.#init.frames.abort()
  }

  #end(reason: FramesEnd): void {
    if (!this.#broke && reason !== 'closed' && reason !== 'reset') {
      this.#init.metrics.count('mailbox_refused_frames', { reason })
    }
    this.#ended = true
    this.#init.onEnd(this)
  }

  #send(frame: Parameters<typeof encodeServerFrame>[0]['frame'] & object): void {
    try {
      this.#init.frames.send(encodeServerFrame({ frame }))
    } catch (error) {
      // What storage answered is not of the protocol: this session cannot go on, the relay can.
      this.#failed(error)
      this.#init.frames.abort()
    }
  }
}
