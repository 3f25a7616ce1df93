import {
  decodeEventsFrame,
  encodeEventsFrame,
  MAX_CREDIT_BYTES,
  MAX_EVENTS_FRAME_BYTES,
  MAX_HELLO_BYTES,
} from '@sotto/wire'
import { beforeEach, describe, expect, test } from 'vitest'

import { claimInit, claimReply } from '../../test/claims.ts'
import { HandDirect } from '../../test/hand-direct.ts'
import { announceExtremes, attack, faultsIn, hostileMessages, withExtremes } from '../../test/hostile/index.ts'

const SEED = 20_261_128
const MESSAGES = 10_000

let hand: HandDirect
beforeEach(async () => {
  hand = await HandDirect.start()
})

describe('hello', () => {
  test(`of a listener: ${MESSAGES} random, mutated and replayed proofs (seed ${SEED})`, async () => {
    const [self, attacker] = [hand.self.toString(), hand.attacker.toString()]
    // True ones, but of other people, for other people, or the wrong way round.
    const good = [
      claimInit('friend', { dialler: self, listener: attacker }),
      claimInit('friend', { dialler: attacker, listener: attacker }),
      claimInit('stranger', { dialler: attacker, listener: self }),
      claimReply('friend', { dialler: attacker, listener: self }),
    ]
    const target = { open: () => hand.helloLine(), judge: () => () => true, honest: () => hand.honest() }
    const findings = await attack(target, hostileMessages(SEED, MESSAGES, good))
    expect(faultsIn(findings)).toEqual([])
    expect(findings.refused).toBe(MESSAGES)
  })

  test(`of a dialler: ${MESSAGES} random, mutated and replayed answers (seed ${SEED})`, async () => {
    const [self, attacker] = [hand.self.toString(), hand.attacker.toString()]
    const good = [
      claimReply('friend', { dialler: attacker, listener: self }),
      claimReply('stranger', { dialler: self, listener: attacker }),
      claimInit('friend', { dialler: self, listener: attacker }),
    ]
    const target = { open: () => hand.replyLine(), judge: () => () => true, honest: () => hand.honest() }
    const findings = await attack(target, hostileMessages(SEED, MESSAGES, good))
    expect(faultsIn(findings)).toEqual([])
    expect(findings.refused).toBe(MESSAGES)
  })
})

/** The rules of an events stream for a side that sends nothing: numbers without gaps, no acks, credit up to its limit. */
function eventsJudge(): (frame: Uint8Array) => boolean {
  let received = 0
  let credit = 0
  return (bytes) => {
    const decoded = decodeEventsFrame(bytes)
    if (!decoded.ok) return true
    const { frame } = decoded.value
    if (frame.case === 'data') return frame.value.number !== (received += 1)
    if (frame.case === 'credit') return (credit += frame.value.bytes) > MAX_CREDIT_BYTES
    return true
  }
}

function eventsFrames(): Uint8Array[] {
  const data = [1, 1, 1, 2, 3, 4_294_967_295].map((number) =>
    encodeEventsFrame({ frame: { case: 'data', value: { number, envelope: new Uint8Array(512).fill(number) } } }),
  )
  return [
    ...data,
    encodeEventsFrame({ frame: { case: 'ack', value: { number: 1 } } }),
    encodeEventsFrame({ frame: { case: 'refused', value: { number: 1 } } }),
    encodeEventsFrame({ frame: { case: 'credit', value: { bytes: 65_536 } } }),
    encodeEventsFrame({ frame: { case: 'credit', value: { bytes: MAX_CREDIT_BYTES } } }),
  ]
}

describe('events', () => {
  test.each([
    ['who dialled us', (): Promise<unknown> => hand.eventsLine()],
    ['whom we dialled', (): Promise<unknown> => hand.diallersLine()],
  ])(`from a contact %s: ${MESSAGES} random, mutated and misplaced frames (seed ${SEED})`, async (_who, open) => {
    const target = {
      open: open as () => ReturnType<HandDirect['eventsLine']>,
      judge: eventsJudge,
      honest: () => hand.honest(),
    }
    const findings = await attack(target, hostileMessages(SEED, MESSAGES, eventsFrames()))
    expect(faultsIn(findings)).toEqual([])
    expect(findings.refused).toBeGreaterThan(MESSAGES / 2)
  })
})

describe('every length and number at 0, 1, its limit and one below, 2^31, 2^32, 2^53 and 2^64 - 1', () => {
  test.each(['helloLine', 'replyLine'] as const)('in hello: %s', async (open) => {
    const [self, attacker] = [hand.self.toString(), hand.attacker.toString()]
    const good = [
      claimInit('friend', { dialler: attacker, listener: attacker }),
      claimReply('friend', { dialler: attacker, listener: self }),
    ]
    const target = { open: () => hand[open](), judge: () => () => true, honest: () => hand.honest() }
    const findings = await attack(
      target,
      good.flatMap((message) => withExtremes(message, MAX_HELLO_BYTES)),
    )
    expect(faultsIn(findings)).toEqual([])
    expect(findings.refused).toBeGreaterThanOrEqual(40)
  })

  test('in events', async () => {
    const target = { open: () => hand.eventsLine(), judge: eventsJudge, honest: () => hand.honest() }
    const frames = eventsFrames().flatMap((frame) => [
      ...withExtremes(frame, MAX_CREDIT_BYTES),
      ...withExtremes(frame, MAX_EVENTS_FRAME_BYTES),
    ])
    const findings = await attack(target, frames)
    expect(faultsIn(findings)).toEqual([])
    expect(findings.refused).toBeGreaterThan(200)
  })

  test.each([
    // A hello of one byte is one, and refused; of others the rest is waited for.
    ['helloLine', MAX_HELLO_BYTES],
    ['replyLine', MAX_HELLO_BYTES],
    ['eventsLine', MAX_EVENTS_FRAME_BYTES],
    ['diallersLine', MAX_EVENTS_FRAME_BYTES],
  ] as const)('of a frame itself: %s', async (open, max) => {
    const { over, uncaught } = await announceExtremes(() => hand[open](), max)
    expect(uncaught).toEqual([])
    expect(over).toEqual([0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n])
  })
})
