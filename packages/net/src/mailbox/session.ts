import {
  ok,
  refuse,
  type AbortOptions,
  type Clock,
  type Crypto,
  type MailboxId,
  type Metrics,
  type Relay,
  type RelayId,
  type RelayResult,
  type Result,
} from '@sotto/interface'
import {
  decodeServerFrame,
  fromHex,
  mailboxId,
  MAX_SUBSCRIBED_MAILBOXES,
  parametersOf,
  toHex,
  type ServerFrame,
} from '@sotto/wire'

import type { Frames, FramesEnd } from '../frames.ts'
import { Requests, type Ask, type ResponseBody } from './requests.ts'
import { workFor } from './work.ts'

/** Why a session is over, or never began. `silent`: no hello in time. `malformed`: the relay does not speak the protocol. */
export type SessionEnd = FramesEnd | 'silent'

/** The `Relay` port's requests over one stream; every one is answered, if only with `unreachable`. */
export type MailboxSession = Pick<
  Relay,
  'create' | 'put' | 'list' | 'get' | 'subscribe' | 'unsubscribe' | 'signal' | 'putBlob' | 'getBlob' | 'deleteBlob'
> & { readonly open: boolean; close(): void }

export interface MailboxSessionInit {
  /** Over a stream of `MAILBOX_PROTOCOL` to that relay; made with `maxFrame: MAX_SERVER_FRAME_BYTES`. */
  readonly frames: Frames
  readonly relayId: RelayId
  readonly crypto: Crypto
  readonly clock: Clock
  readonly metrics?: Metrics
  onMail(mailbox: MailboxId, last: number): void
  onSignal(mailbox: MailboxId, record: Uint8Array): void
  /** Called once, when an open session ends. */
  onEnd(reason: SessionEnd): void
}

type Subscription = Parameters<Relay['subscribe']>[0][number]

const HELLO_MS = 10_000
/** Entries fetched with one request, so that no more than 256 KiB of large bodies are on the way for it. */
const GET_AT_ONCE = 16

/** Waits for the relay's challenge. The session lives until the stream ends. */
export function openMailboxSession(init: MailboxSessionInit): Promise<Result<MailboxSession, SessionEnd>> {
  return new Promise((resolve) => {
    const { frames, clock } = init
    let session: StreamSession | undefined
    const cancel = clock.after(HELLO_MS, () => {
      resolve(refuse('silent'))
      frames.abort()
    })
    const begin = (frame: Uint8Array): void => {
      const challenge = challengeIn(frame)
      cancel()
      if (challenge === undefined) {
        resolve(refuse('malformed'))
        frames.abort()
        return
      }
      session = new StreamSession(init, challenge)
      resolve(ok(session))
    }
    frames.listen({
      onFrame: (frame) => (session === undefined ? begin(frame) : session.receive(frame)),
      onEnd: (reason) => {
        cancel()
        session?.ended(reason)
        resolve(refuse(reason))
      },
    })
  })
}

function challengeIn(frame: Uint8Array): Uint8Array | undefined {
  const decoded = decodeServerFrame(frame)
  if (!decoded.ok || decoded.value.frame.case !== 'hello') return undefined
  return decoded.value.frame.value.challenge
}

class StreamSession implements MailboxSession {
  readonly #init: MailboxSessionInit
  readonly #requests: Requests
  #fault: SessionEnd | undefined

  constructor(init: MailboxSessionInit, challenge: Uint8Array) {
    this.#init = init
    this.#requests = new Requests({ ...init, context: { relay: init.relayId, challenge } })
  }

  get open(): boolean {
    return this.#init.frames.open
  }

  close(): void {
    this.#init.frames.close()
  }

  receive(frame: Uint8Array): void {
    this.#requests.heard()
    const decoded = decodeServerFrame(frame)
    if (!decoded.ok || !this.#take(decoded.value.frame)) {
      this.#fault = 'malformed'
      this.#init.metrics?.count('mailbox_refused_frames')
      this.#init.frames.abort()
    }
  }

  ended(reason: FramesEnd): void {
    this.#requests.end()
    this.#init.onEnd(this.#fault ?? reason)
  }

  create: Relay['create'] = async (params, readKey, options) => {
    const parameters = parametersOf(params)
    const done = await this.#ask({
      op: { case: 'create', value: { parameters } },
      keys: [readKey],
      ...options,
    })
    return done.ok ? ok(mailboxId(parameters)) : done
  }

  put: Relay['put'] = async (mailbox, writeKey, { tag, body, knock, powBits = 0 }, options) => {
    const entry = { mailbox: fromHex(mailbox), tag, body }
    const nonce = await workFor(entry, powBits, this.#init.clock, options?.signal)
    options?.signal?.throwIfAborted()
    if (nonce === undefined) return refuse('proof-of-work')
    const op = {
      case: 'put' as const,
      value: { ...entry, nonce, ...(knock === undefined ? {} : { knock }) },
    }
    const answer = await this.#ask({ op, keys: [writeKey], ...options })
    const stored = this.#bodyOf(answer, (body) => (body.case === 'stored' ? body.value : undefined))
    return stored.ok ? ok({ seq: stored.value.seq }) : stored
  }

  list: Relay['list'] = async (mailbox, readKey, after, options) => {
    const op = { case: 'list' as const, value: { mailbox: fromHex(mailbox), after } }
    const answer = await this.#ask({ op, keys: [readKey], ...options })
    const listing = this.#bodyOf(answer, (body) => (body.case === 'listing' ? body.value : undefined))
    if (!listing.ok) return listing
    const { entries, last } = listing.value
    return ok({ entries: entries.map(({ seq, tag, size }) => ({ seq, tag, bytes: size })), last })
  }

  get: Relay['get'] = async (mailbox, readKey, seqs, options) => {
    const bodies: { seq: number; body: Uint8Array }[] = []
    for (const some of inGroups(seqs, GET_AT_ONCE)) {
      const op = { case: 'get' as const, value: { mailbox: fromHex(mailbox), seqs: [...some] } }
      const answer = await this.#ask({ op, keys: [readKey], ...options })
      const fetched = this.#bodyOf(answer, (body) => (body.case === 'bodies' ? body.value : undefined))
      if (!fetched.ok) return fetched
      bodies.push(...fetched.value.bodies.map(({ seq, body }) => ({ seq, body })))
    }
    return ok(bodies)
  }

  subscribe: Relay['subscribe'] = async (mailboxes, options) => {
    let result: RelayResult<void> = ok(undefined)
    for (const some of inGroups(mailboxes, MAX_SUBSCRIBED_MAILBOXES)) {
      const done = await this.#subscribe(some, options)
      if (!done.ok && done.reason !== 'unknown') return done
      if (!done.ok) result = done
    }
    return result
  }

  unsubscribe: Relay['unsubscribe'] = (mailboxes) => {
    for (const some of inGroups(mailboxes, MAX_SUBSCRIBED_MAILBOXES)) {
      void this.#ask({
        op: { case: 'unsubscribe', value: { mailboxes: some.map(fromHex) } },
        keys: [],
      })
    }
  }

  signal: Relay['signal'] = (mailbox, writeKey, record, options) =>
    this.#do({
      op: { case: 'signal', value: { mailbox: fromHex(mailbox), record } },
      keys: [writeKey],
      ...options,
    })

  putBlob: Relay['putBlob'] = ({ id, ownerKey, bytes, expiresAt }, options) =>
    this.#do({
      op: { case: 'putBlob', value: { id, blob: bytes, expiresAt } },
      keys: [ownerKey],
      ...options,
    })

  getBlob: Relay['getBlob'] = async (id, options) => {
    const answer = await this.#ask({
      op: { case: 'getBlob', value: { id } },
      keys: [],
      ...options,
    })
    const blob = this.#bodyOf(answer, (body) => (body.case === 'blob' ? body.value : undefined))
    return blob.ok ? ok(blob.value.blob) : blob
  }

  deleteBlob: Relay['deleteBlob'] = (id, ownerKey, options) =>
    this.#do({ op: { case: 'deleteBlob', value: { id } }, keys: [ownerKey], ...options })

  /** The relay takes all or none: one mailbox that it has forgotten must not keep the others silent. */
  async #subscribe(mailboxes: readonly Subscription[], options?: AbortOptions): Promise<RelayResult<void>> {
    const value = { mailboxes: mailboxes.map(({ mailbox }) => fromHex(mailbox)) }
    const keys = mailboxes.map(({ readKey }) => readKey)
    const done = await this.#do({ op: { case: 'subscribe', value }, keys, ...options })
    if (done.ok || done.reason !== 'unknown' || mailboxes.length === 1) return done
    const half = Math.ceil(mailboxes.length / 2)
    const first = await this.#subscribe(mailboxes.slice(0, half), options)
    if (!first.ok && first.reason !== 'unknown') return first
    const second = await this.#subscribe(mailboxes.slice(half), options)
    return second.ok ? first : second
  }

  #take(frame: ServerFrame['frame']): boolean {
    if (frame.case === 'response') return this.#requests.settle(frame.value)
    if (frame.case === 'mail') this.#init.onMail(toHex(frame.value.mailbox), frame.value.last)
    else if (frame.case === 'signalled') this.#init.onSignal(toHex(frame.value.mailbox), frame.value.record)
    else return false
    return true
  }

  #ask(ask: Ask): Promise<RelayResult<ResponseBody>> {
    return this.#requests.ask(ask)
  }

  async #do(ask: Ask): Promise<RelayResult<void>> {
    const done = await this.#ask(ask)
    return done.ok ? ok(undefined) : done
  }

  /** A good answer of another kind than was asked for: that relay does not speak the protocol. */
  #bodyOf<T>(answer: RelayResult<ResponseBody>, pick: (body: ResponseBody) => T | undefined): RelayResult<T> {
    if (!answer.ok) return answer
    const body = pick(answer.value)
    if (body !== undefined) return ok(body)
    this.#fault = 'malformed'
    this.#init.frames.abort()
    return refuse('unreachable')
  }
}

function* inGroups<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size)
}
