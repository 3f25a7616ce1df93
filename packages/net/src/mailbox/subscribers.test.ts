import type { Clock, MailboxId } from '@sotto/interface'
import { beforeEach, describe, expect, it } from 'vitest'

import { Subscribers, type Sender } from './subscribers.ts'

class Hand implements Clock {
  time = 0
  readonly timers = new Map<() => void, number>()

  now(): number {
    return this.time
  }

  monotonic(): number {
    return this.time
  }

  after(ms: number, run: () => void): () => void {
    this.timers.set(run, this.time + ms)
    return () => this.timers.delete(run)
  }

  advance(ms: number): void {
    this.time += ms
    for (const [run, at] of this.timers) {
      if (at > this.time) continue
      this.timers.delete(run)
      run()
    }
  }
}

interface Heard extends Sender {
  readonly mails: [MailboxId, number][]
  readonly records: Uint8Array[]
}

function listener(source = 'somewhere'): Heard {
  const mails: Heard['mails'] = []
  const records: Heard['records'] = []
  return {
    source,
    mails,
    records,
    mail: (mailbox, last) => void mails.push([mailbox, last]),
    signalled: (_, record) => void records.push(record),
  }
}

const box = (name: number): MailboxId => name.toString(16).padStart(64, '0') as MailboxId
const record = (byte: number): Uint8Array => new Uint8Array(2_048).fill(byte)

let clock: Hand
let subscribers: Subscribers

beforeEach(() => {
  clock = new Hand()
  subscribers = new Subscribers(clock)
})

describe('subscribers', () => {
  it('hear of mail in their mailboxes, except of their own', () => {
    const [reader, writer, other] = [listener(), listener(), listener()]
    subscribers.add(box(1), reader)
    subscribers.add(box(1), writer)
    subscribers.add(box(2), other)
    subscribers.mail(box(1), 5, writer)
    expect([reader.mails, writer.mails, other.mails]).toEqual([[[box(1), 5]], [], []])
  })

  it('count once, however often they subscribe, and leave nothing behind', () => {
    const reader = listener()
    subscribers.add(box(1), reader)
    subscribers.add(box(1), reader)
    expect(subscribers.subscriptions).toBe(1)
    subscribers.remove(box(1), reader)
    subscribers.remove(box(1), reader)
    expect(subscribers.subscriptions).toBe(0)
    subscribers.mail(box(1), 1, listener())
    expect(reader.mails).toEqual([])
  })
})

describe('signals', () => {
  it('reach who is subscribed, and who subscribes within a minute', () => {
    const [now, sender, later, late] = [listener(), listener(), listener(), listener()]
    subscribers.add(box(1), now)
    expect(subscribers.signal(box(1), record(7), sender)).toBe(true)
    clock.advance(59_999)
    subscribers.add(box(1), later)
    clock.advance(1)
    subscribers.add(box(1), late)
    expect([now.records, later.records, late.records]).toEqual([[record(7)], [record(7)], []])
  })

  it('are gone from memory after their minute, and leave no timer', () => {
    for (let second = 0; second < 120; second++) {
      subscribers.signal(box(second), record(1), listener())
      clock.advance(1_000)
      expect(subscribers.keptSignals).toBeLessThanOrEqual(60)
    }
    clock.advance(60_000)
    expect(subscribers.keptSignals).toBe(0)
    expect(clock.timers.size).toBe(0)
  })

  it('are kept four to a mailbox, the newest', () => {
    for (let byte = 1; byte <= 6; byte++) subscribers.signal(box(1), record(byte), listener())
    const late = listener()
    subscribers.add(box(1), late)
    expect(late.records.map(([byte]) => byte)).toEqual([3, 4, 5, 6])
    expect(subscribers.keptSignals).toBe(4)
  })

  it('are refused when memory for them is full, but not to who is subscribed', () => {
    for (let name = 0; name < 1_024; name++) {
      for (let index = 0; index < 4; index++) subscribers.signal(box(name), record(0), listener())
    }
    const reader = listener()
    subscribers.add(box(5_000), reader)
    expect(subscribers.signal(box(5_000), record(9), listener())).toBe(false)
    expect(reader.records).toEqual([record(9)])
    expect(subscribers.keptSignals).toBe(4_096)
  })

  it('of one source that floods give way to those of others, and to no more of its own', () => {
    for (let name = 0; name < 4_096; name++) subscribers.signal(box(name), record(1), listener('flood'))
    expect(subscribers.signal(box(9_999), record(1), listener('flood'))).toBe(false)
    for (let name = 5_000; name < 5_100; name++) {
      expect(subscribers.signal(box(name), record(2), listener('honest'))).toBe(true)
    }
    expect(subscribers.keptSignals).toBe(4_096)
    const late = listener('honest')
    for (let name = 5_000; name < 5_100; name++) subscribers.add(box(name), late)
    expect(late.records).toHaveLength(100)
    // The oldest have gone, and nothing else.
    const flooded = listener('flood')
    for (let name = 0; name < 4_096; name++) subscribers.add(box(name), flooded)
    expect(flooded.records).toHaveLength(3_996)
    clock.advance(60_000)
    expect(subscribers.keptSignals).toBe(0)
    expect(clock.timers.size).toBe(0)
  })
})
