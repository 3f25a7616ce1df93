import { decodeEventsFrame, encodeEventsFrame, MAX_CREDIT_BYTES, type EventsFrame } from '@sotto/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { FrameHandlers, Frames } from '../frames.ts'
import { MAX_REFUSED_IN_A_ROW } from './inbox.ts'
import { EventsSession, MAX_IN_FLIGHT } from './session.ts'

const SEED = 20_261_125

/** The other side of a session, in our hands. */
class Hand implements Frames {
  handlers: FrameHandlers | undefined
  readonly sent: EventsFrame['frame'][] = []
  open = true
  readonly queued = 0

  listen(handlers: FrameHandlers): void {
    this.handlers = handlers
  }

  send(frame: Uint8Array): boolean {
    const decoded = decodeEventsFrame(frame)
    if (!decoded.ok) throw new Error(`The session sent what is no frame: ${decoded.reason}`)
    if (this.open) this.sent.push(decoded.value.frame)
    return this.open
  }

  close(): void {
    this.open = false
  }

  abort(): void {
    this.open = false
  }

  pause(): void {}
  resume(): void {}
  async drained(): Promise<boolean> {
    return this.open
  }

  say(frame: Parameters<typeof encodeEventsFrame>[0]['frame'] & object): void {
    this.handlers?.onFrame(encodeEventsFrame({ frame }))
  }

  data(number: number, bytes = 1): void {
    this.say({ case: 'data', value: { number, envelope: new Uint8Array(bytes).fill(7) } })
  }

  /** The numbers or bytes of what was sent of one kind. */
  of(kind: 'data' | 'ack' | 'refused' | 'credit'): number[] {
    return this.sent.flatMap((frame) => {
      if (frame.case !== kind) return []
      return [frame.case === 'credit' ? frame.value.bytes : (frame.value?.number ?? 0)]
    })
  }
}

interface Watched {
  readonly hand: Hand
  readonly session: EventsSession
  readonly taken: ((held: boolean) => void)[]
  ends: number
  faults: number
  /** Monotonic, ms. */
  now: number
}

function watched(): Watched {
  const hand = new Hand()
  const taken: ((held: boolean) => void)[] = []
  const it = { ends: 0, faults: 0, now: 0 }
  const session = new EventsSession({
    context: 'talk',
    peer: 'peer',
    path: { direct: true, transport: 'tcp', multiplexer: '', encryption: '' },
    frames: hand,
    onEnvelope: () => new Promise((resolve) => taken.push(resolve)),
    onEnd: () => (it.ends += 1),
    onFault: () => (it.faults += 1),
    now: () => it.now,
  })
  session.listen()
  return Object.assign(it, { hand, session, taken })
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

test('nothing is sent without credit, never more than it allows, and the rest as it comes', async () => {
  const { hand, session } = watched()
  const outcomes = Array.from({ length: 5 }, () => session.send(new Uint8Array(1_000)))
  expect(hand.of('data')).toEqual([])
  hand.say({ case: 'credit', value: { bytes: 2_999 } })
  expect(hand.of('data')).toEqual([1, 2])
  hand.say({ case: 'credit', value: { bytes: 1 } })
  expect(hand.of('data')).toEqual([1, 2, 3])
  hand.say({ case: 'ack', value: { number: 3 } })
  expect(await Promise.all(outcomes.slice(0, 3))).toEqual([true, true, true])
  // What is acknowledged is no credit.
  expect(hand.of('data')).toEqual([1, 2, 3])
  session.close()
  expect(await Promise.all(outcomes)).toEqual([true, true, true, false, false])
})

test('small envelopes are bounded by number', () => {
  const { hand, session } = watched()
  for (let count = 0; count < MAX_IN_FLIGHT + 10; count += 1) void session.send(Uint8Array.of(1))
  hand.say({ case: 'credit', value: { bytes: MAX_CREDIT_BYTES } })
  expect(hand.of('data')).toHaveLength(MAX_IN_FLIGHT)
  hand.say({ case: 'ack', value: { number: 4 } })
  expect(hand.of('data')).toHaveLength(MAX_IN_FLIGHT + 4)
})

test('credit is given once, and then as much again as was taken', async () => {
  const { hand, taken } = watched()
  expect(hand.of('credit')).toEqual([MAX_CREDIT_BYTES])
  for (let number = 1; number <= 64; number += 1) hand.data(number, 16_384)
  for (let number = 1; number <= 64; number += 1) {
    await settle()
    expect(taken).toHaveLength(number)
    taken.at(-1)?.(true)
  }
  await settle()
  expect(hand.of('ack')).toEqual(Array.from({ length: 64 }, (_, index) => index + 1))
  const [first, ...later] = hand.of('credit')
  expect(first).toBe(MAX_CREDIT_BYTES)
  expect(later.reduce((sum, bytes) => sum + bytes, 0)).toBe(64 * 16_384)
  expect(later.length).toBeLessThanOrEqual(5)
})

test('envelopes beyond the credit, out of order, or too many at once end the session', () => {
  const beyond = watched()
  for (let number = 1; number <= 65; number += 1) beyond.hand.data(number, 16_384)
  const order = watched()
  order.hand.data(2)
  const many = watched()
  for (let number = 1; number <= MAX_IN_FLIGHT + 1; number += 1) many.hand.data(number)
  const again = watched()
  again.hand.data(1)
  again.hand.data(1)
  const ack = watched()
  ack.hand.say({ case: 'ack', value: { number: 1 } })
  const credit = watched()
  for (let count = 0; count < 2; count += 1) credit.hand.say({ case: 'credit', value: { bytes: MAX_CREDIT_BYTES } })
  const refused = watched()
  refused.hand.say({ case: 'refused', value: { number: 1 } })
  for (const { ends, faults, hand } of [beyond, order, many, again, ack, credit, refused]) {
    expect({ ends, faults, open: hand.open }).toEqual({ ends: 1, faults: 1, open: false })
  }
})

test('an envelope that the other side cannot take now is not held, and the others are not held up by it', async () => {
  const { hand, session } = watched()
  const outcomes = [1, 2, 3].map((byte) => session.send(Uint8Array.of(byte)))
  hand.say({ case: 'credit', value: { bytes: 3 } })
  hand.say({ case: 'ack', value: { number: 1 } })
  hand.say({ case: 'refused', value: { number: 2 } })
  hand.say({ case: 'ack', value: { number: 3 } })
  expect(await Promise.all(outcomes)).toEqual([true, false, true])
  expect(hand.open).toBe(true)
  // It has its answer: a second one is a fault.
  hand.say({ case: 'refused', value: { number: 2 } })
  expect(hand.open).toBe(false)
})

test('what cannot be taken is refused by its number, gives its credit back, and ends the session only when nothing else comes', async () => {
  const it = watched()
  const { hand, taken } = it
  let number = 0
  const next = async (isHeld: boolean): Promise<void> => {
    hand.data((number += 1), 16_384)
    await settle()
    taken.at(-1)?.(isHeld)
    await settle()
  }
  for (let count = 0; count < MAX_REFUSED_IN_A_ROW; count += 1) await next(false)
  await next(true)
  expect(hand.of('ack')).toEqual([MAX_REFUSED_IN_A_ROW + 1])
  expect(hand.of('refused')).toEqual(Array.from({ length: MAX_REFUSED_IN_A_ROW }, (_, index) => index + 1))
  for (let count = 0; count < MAX_REFUSED_IN_A_ROW; count += 1) await next(false)
  // A minute later it counts anew.
  it.now += 60_001
  for (let count = 0; count < MAX_REFUSED_IN_A_ROW; count += 1) await next(false)
  expect(hand.open).toBe(true)
  await next(false)
  expect(hand.open).toBe(false)
})

test('what was in hand when the session ended is not acknowledged', async () => {
  const { hand, session, taken } = watched()
  hand.data(1)
  hand.data(2)
  await settle()
  session.close()
  taken[0]?.(true)
  await settle()
  expect(hand.of('ack')).toEqual([])
  expect(taken).toHaveLength(1)
})

test(`ten thousand random and mutated frames: no throw, one end, and nothing grows (seed ${SEED})`, async () => {
  const real = fc.oneof(
    fc
      .record({ number: fc.integer({ min: 1, max: 40 }), bytes: fc.integer({ min: 1, max: 600 }) })
      .map(({ number, bytes }) =>
        encodeEventsFrame({ frame: { case: 'data', value: { number, envelope: new Uint8Array(bytes) } } }),
      ),
    fc.integer({ min: 1, max: 40 }).map((number) => encodeEventsFrame({ frame: { case: 'ack', value: { number } } })),
    fc
      .integer({ min: 1, max: MAX_CREDIT_BYTES })
      .map((bytes) => encodeEventsFrame({ frame: { case: 'credit', value: { bytes } } })),
    fc
      .integer({ min: 1, max: 40 })
      .map((number) => encodeEventsFrame({ frame: { case: 'refused', value: { number } } })),
  )
  const mutated = fc.tuple(real, fc.nat(), fc.nat(255)).map(([bytes, at, change]) => {
    const copy = bytes.slice()
    copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ change
    return copy
  })
  const frames = fc.sample(fc.oneof(real, mutated, fc.uint8Array({ maxLength: 400 })), { numRuns: 10_000, seed: SEED })
  let sessions = 0
  let it = watched()
  for (const frame of frames) {
    if (!it.hand.open) {
      expect(it).toMatchObject({ ends: 1, faults: 1 })
      it = watched()
      sessions += 1
    }
    void it.session.send(Uint8Array.of(1, 2, 3))
    it.hand.handlers?.onFrame(frame)
    if (sessions % 50 === 0) await settle()
  }
  expect(sessions).toBeGreaterThan(1_000)
})
