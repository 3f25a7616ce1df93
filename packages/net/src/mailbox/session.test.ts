import { generateKeyPairSync, sign, verify, createPrivateKey, createPublicKey } from 'node:crypto'

import type { Clock, Crypto, MailboxId, MailboxKey, RelayId } from '@sotto/interface'
import { decodeOperation, decodeRequest, encodeServerFrame, Status } from '@sotto/wire'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'

import type { FrameHandlers, Frames } from '../frames.ts'
import { openMailboxSession, type MailboxSession, type SessionEnd } from './session.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const jwk = privateKey.export({ format: 'jwk' })
const key: MailboxKey = {
  seed: Buffer.from(jwk.d ?? '', 'base64url'),
  publicKey: Buffer.from(jwk.x ?? '', 'base64url'),
}

const crypto: Crypto = {
  ed25519: {
    publicKey: () => key.publicKey,
    sign: (_seed, message) =>
      new Uint8Array(sign(null, message, createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })))),
    verify: (_key, message, signature) => verify(null, message, createPublicKey(privateKey), signature),
  },
}

/** A relay in our hands: what the client sends, and whatever we answer. */
class Hand implements Frames, Clock {
  handlers: FrameHandlers | undefined
  readonly sent: Uint8Array[] = []
  readonly timers = new Map<() => void, number>()
  open = true
  queued = 0
  time = 0

  listen(handlers: FrameHandlers): void {
    this.handlers = handlers
  }

  send(frame: Uint8Array): boolean {
    this.sent.push(frame)
    return this.open
  }

  abort(): void {
    if (!this.open) return
    this.open = false
    this.handlers?.onEnd('closed')
  }

  close(): void {
    this.abort()
  }

  pause(): void {}
  resume(): void {}
  async drained(): Promise<boolean> {
    return this.open
  }

  say(frame: Parameters<typeof encodeServerFrame>[0]['frame'] & object): void {
    this.handlers?.onFrame(encodeServerFrame({ frame }))
  }

  answer(index: number, status: Status, body?: object): void {
    const { id } = this.request(index)
    this.say({ case: 'response', value: { id, status, ...(body === undefined ? {} : { body }) } as never })
  }

  request(index: number): { id: number; op: string } {
    const request = decodeRequest(this.sent[index] ?? new Uint8Array(0))
    if (!request.ok) throw new Error(`The client sent what is no request: ${request.reason}`)
    const op = decodeOperation(request.value.op)
    if (!op.ok) throw new Error(`The client asked for what is no operation: ${op.reason}`)
    return { id: request.value.id, op: op.value.op.case ?? 'none' }
  }

  now(): number {
    return this.time
  }

  monotonic(): number {
    return this.time
  }

  after(ms: number, run: () => void): () => void {
    this.timers.set(run, this.time + ms)
    return () => void this.timers.delete(run)
  }

  advance(ms: number): void {
    this.time += ms
    for (const [run, at] of this.timers) {
      if (at > this.time) continue
      this.timers.delete(run)
      run()
    }
  }

  async sentCount(count: number): Promise<void> {
    while (this.sent.length < count) await new Promise(setImmediate)
  }
}

const mailbox = 'ab'.repeat(32) as MailboxId
const hello = { case: 'hello' as const, value: { challenge: new Uint8Array(32).fill(3), maxFrame: 1 } }

let relay: Hand
let ends: SessionEnd[]
let pushed: unknown[]

function opening(): ReturnType<typeof openMailboxSession> {
  return openMailboxSession({
    frames: relay,
    relayId: '12D3KooWrelay' as RelayId,
    crypto,
    clock: relay,
    onMail: (...mail) => pushed.push(mail),
    onSignal: (...signal) => pushed.push(signal),
    onEnd: (reason) => ends.push(reason),
  })
}

async function open(): Promise<MailboxSession> {
  const result = opening()
  relay.say(hello)
  const opened = await result
  if (!opened.ok) throw new Error(opened.reason)
  return opened.value
}

beforeEach(() => {
  relay = new Hand()
  ends = []
  pushed = []
})

describe('a session', () => {
  it('begins with the relay’s challenge, or not at all', async () => {
    const silent = opening()
    relay.advance(10_000)
    expect(await silent).toEqual({ ok: false, reason: 'silent' })
    relay = new Hand()
    const noise = opening()
    relay.handlers?.onFrame(Uint8Array.of(1, 2, 3))
    expect(await noise).toEqual({ ok: false, reason: 'malformed' })
    relay = new Hand()
    const gone = opening()
    relay.abort()
    expect(await gone).toEqual({ ok: false, reason: 'closed' })
    expect(ends).toEqual([])
  })

  it('matches answers to requests in whatever order they come', async () => {
    const session = await open()
    const blobs = [session.getBlob(new Uint8Array(32)), session.getBlob(new Uint8Array(32).fill(1))]
    await relay.sentCount(2)
    relay.answer(1, Status.OK, { case: 'blob', value: { blob: Uint8Array.of(2) } })
    relay.answer(0, Status.UNKNOWN)
    expect(await Promise.all(blobs)).toEqual([
      { ok: false, reason: 'unknown' },
      { ok: true, value: Uint8Array.of(2) },
    ])
  })

  it('gives a request 15 s, and the relay up if it said nothing meanwhile', async () => {
    const session = await open()
    const slow = session.list(mailbox, key, 0)
    await relay.sentCount(1)
    relay.advance(14_000)
    relay.say({ case: 'mail', value: { mailbox: new Uint8Array(32), last: 1 } })
    relay.advance(1_000)
    expect(await slow).toEqual({ ok: false, reason: 'unreachable' })
    expect(session.open).toBe(true)
    relay.answer(0, Status.OK, { case: 'listing', value: { entries: [], last: 0 } }) // Too late: not an offence.
    expect(session.open).toBe(true)
    relay.time += 1
    const dead = session.list(mailbox, key, 0)
    await relay.sentCount(2)
    relay.advance(15_000)
    expect(await dead).toEqual({ ok: false, reason: 'unreachable' })
    expect(session.open).toBe(false)
    expect(ends).toEqual(['closed'])
  })

  it('has at most 64 requests on the way and 1,024 waiting; more are told to be busy', async () => {
    const session = await open()
    const asked = Array.from({ length: 64 + 1_024 + 5 }, () => session.getBlob(new Uint8Array(32)))
    await relay.sentCount(64)
    expect(await Promise.all(asked.slice(-5))).toEqual(asked.slice(-5).map(() => ({ ok: false, reason: 'busy' })))
    for (let index = 0; index < 10; index++) relay.answer(index, Status.BUSY)
    await relay.sentCount(74)
    expect(relay.sent).toHaveLength(74)
    relay.abort()
    const rest = await Promise.all(asked.slice(10, -5))
    expect(rest.every((result) => !result.ok && result.reason === 'unreachable')).toBe(true)
    expect(relay.timers.size).toBe(0)
  })

  it('numbers requests upwards, and fetches entries in groups of 16', async () => {
    const session = await open()
    const got = session.get(
      mailbox,
      key,
      Array.from({ length: 40 }, (_, index) => index + 1),
    )
    for (let index = 0; index < 3; index++) {
      await relay.sentCount(index + 1)
      relay.answer(index, Status.OK, {
        case: 'bodies',
        value: { bodies: [{ seq: index + 1, body: new Uint8Array(2_048) }] },
      })
    }
    expect((await got).ok && (await got)).toMatchObject({ value: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] })
    expect(relay.sent.map((_, index) => relay.request(index))).toEqual([
      { id: 1, op: 'get' },
      { id: 2, op: 'get' },
      { id: 3, op: 'get' },
    ])
  })

  it('hands on what is pushed', async () => {
    await open()
    relay.say({ case: 'mail', value: { mailbox: Buffer.from(mailbox, 'hex'), last: 9 } })
    relay.say({ case: 'signalled', value: { mailbox: Buffer.from(mailbox, 'hex'), record: new Uint8Array(2_048) } })
    expect(pushed).toEqual([
      [mailbox, 9],
      [mailbox, new Uint8Array(2_048)],
    ])
  })

  it.each([
    ['an answer to nothing', { case: 'response' as const, value: { id: 7, status: Status.OK } }],
    ['a second challenge', hello],
  ])('ends when the relay sends %s', async (_, frame) => {
    const session = await open()
    relay.say(frame)
    expect(session.open).toBe(false)
    expect(ends).toEqual(['malformed'])
  })

  it('ends when a good answer has the wrong content', async () => {
    const session = await open()
    const listed = session.list(mailbox, key, 0)
    await relay.sentCount(1)
    relay.answer(0, Status.OK, { case: 'stored', value: { seq: 1 } })
    expect(await listed).toEqual({ ok: false, reason: 'unreachable' })
    expect(ends).toEqual(['malformed'])
  })

  it('survives or ends, but never throws, whatever frames a relay sends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 80 }), { maxLength: 5 }), async (frames) => {
        relay = new Hand()
        const session = await open()
        const asked = session.getBlob(new Uint8Array(32))
        await relay.sentCount(1)
        for (const frame of frames) if (relay.open) relay.handlers?.onFrame(frame)
        relay.abort()
        expect((await asked).ok).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})
