import { encodeServerFrame, MAX_SERVER_FRAME_BYTES, Status } from '@sotto/wire'
import { beforeEach, expect, test } from 'vitest'

import { HandMailbox, HELLO, MAILBOX } from '../../test/hand-mailbox.ts'
import { announceExtremes, attack, faultsIn, hostileMessages, turns, withExtremes } from '../../test/hostile/index.ts'

const SEED = 20_261_128
const MESSAGES = 10_000

type Body = NonNullable<
  Extract<Parameters<typeof encodeServerFrame>[0]['frame'], { case?: 'response' }>['value']
>['body']

const mailbox = Uint8Array.from(Buffer.from(MAILBOX, 'hex'))
const respond = (id: number, status: Status, body?: Body): Uint8Array =>
  encodeServerFrame({ frame: { case: 'response', value: body === undefined ? { id, status } : { id, status, body } } })
const bodies: Body[] = [
  { case: 'stored', value: { seq: 9 } },
  { case: 'listing', value: { entries: [{ seq: 3, tag: new Uint8Array(16), size: 2_048 }], last: 4 } },
  { case: 'bodies', value: { bodies: [{ seq: 1, body: new Uint8Array(2_048).fill(3) }] } },
  { case: 'blob', value: { blob: new Uint8Array(300).fill(4) } },
]

/** Every kind of answer to every request, also to those that were never made; refusals; mail and signals; a second hello. */
function goodFrames(): Uint8Array[] {
  return [
    ...[1, 2, 3, 4, 5].flatMap((id) => bodies.map((body) => respond(id, Status.OK, body))),
    ...[1, 2, 3, 4].map((id) => respond(id, Status.UNKNOWN)),
    ...[1, 2].map((id) => respond(id, Status.OK)),
    encodeServerFrame({ frame: { case: 'mail', value: { mailbox, last: 7 } } }),
    encodeServerFrame({ frame: { case: 'signalled', value: { mailbox, record: new Uint8Array(2_048) } } }),
    HELLO,
  ]
}

let hand: HandMailbox
beforeEach(() => {
  hand = new HandMailbox()
})

test(`a relay's first word: ${MESSAGES} random, mutated and misplaced frames (seed ${SEED})`, async () => {
  const target = { open: () => hand.fresh(), judge: () => () => true, honest: () => hand.honest() }
  const findings = await attack(target, hostileMessages(SEED, MESSAGES, goodFrames().slice(0, -1)))
  expect(faultsIn(findings)).toEqual([])
  expect(findings.refused).toBe(MESSAGES)
})

test(`a relay's answers, mail and signals: ${MESSAGES} random, mutated and misplaced frames (seed ${SEED})`, async () => {
  const target = { open: () => hand.begun(), judge: hand.judge, honest: () => hand.honest() }
  const findings = await attack(target, hostileMessages(SEED, MESSAGES, goodFrames()))
  expect(faultsIn(findings)).toEqual([])
  expect(findings.refused).toBeGreaterThan(MESSAGES / 2)
  expect(hand.mail).toBeGreaterThan(50)
  expect(hand.signals).toBeGreaterThan(50)
  await turns(10)
  // Whatever a relay says, each request is answered.
  expect(hand.settled).toBe(hand.asked)
})

test("every length and number of a relay's frames at its extremes", async () => {
  const frames = goodFrames().flatMap((frame) => withExtremes(frame, MAX_SERVER_FRAME_BYTES))
  const findings = await attack({ open: () => hand.begun(), judge: hand.judge, honest: () => hand.honest() }, frames)
  expect(faultsIn(findings)).toEqual([])
  expect(findings.refused).toBeGreaterThan(frames.length / 2)
  for (const open of [() => hand.fresh(), () => hand.begun()]) {
    const { over, uncaught } = await announceExtremes(open, MAX_SERVER_FRAME_BYTES)
    expect(uncaught).toEqual([])
    expect(over).toEqual([0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n])
  }
})
