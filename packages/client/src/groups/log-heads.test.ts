import type { DeviceId } from '@sotto/interface'
import { decodeLogHeads, MAX_DEVICES, toHex } from '@sotto/wire'
import { expect, test } from 'vitest'
import type { Conversation } from '../conversation/conversation.ts'
import { highestNumber, logHeads, owedBy } from './log-heads.ts'

const SELF = deviceOf(0)

function deviceOf(number: number): DeviceId {
  return number.toString(16).padStart(64, '0') as DeviceId
}

/** A conversation in which so many devices have spoken: the first is ours, the last fifty are in. */
function spokenIn(count: number): Pick<Conversation, 'state'> {
  const devices = Array.from({ length: count }, (_, at) => ({
    device: deviceOf(at),
    live: at === 0 || at >= count - 50,
    head: { seq: at + 1, lamport: 2 * at },
  }))
  return { state: { self: SELF, sealed: { seq: 7 }, devices } } as unknown as Pick<Conversation, 'state'>
}

function seqs(heads: Uint8Array): Map<string, number> {
  const decoded = decodeLogHeads(heads)
  if (!decoded.ok) throw new Error(decoded.reason)
  return new Map(decoded.value.heads.map(({ device, seq }) => [toHex(device), seq]))
}

test('our own log stands where it was sealed, the others where they are here', () => {
  const heads = logHeads(spokenIn(60))
  expect(seqs(heads).get(SELF)).toBe(7)
  expect(seqs(heads).get(deviceOf(59))).toBe(60)
  expect(owedBy(spokenIn(60), heads)).toBe(7)
  expect(highestNumber(spokenIn(60))).toBe(118)
})

test(`of more than ${MAX_DEVICES} devices that have spoken, those who are in are all there`, () => {
  const count = MAX_DEVICES + 200
  const found = seqs(logHeads(spokenIn(count)))
  expect(found.size).toBe(MAX_DEVICES)
  for (let at = count - 50; at < count; at += 1) expect(found.get(deviceOf(at))).toBe(at + 1)
  expect(found.get(SELF)).toBe(7)
})

test('what is no list of heads owes everything', () => {
  expect(owedBy(spokenIn(3), Uint8Array.of(1, 2, 3))).toBe(0)
})
