import fc from 'fast-check'
import { expect, test } from 'vitest'

import { Author } from '../test/author.ts'
import { accountOf, deviceOf } from '../test/ids.ts'
import { newDevice } from './devices.ts'
import { reachedBy, reachedOf } from './reached.ts'
import type { ConversationState, Span } from './state.ts'

const SEALED = 12
const seq = fc.nat(SEALED)

/** One device of one of four accounts, some in and some out. */
const device = fc.record({ account: fc.nat(3), live: fc.boolean(), since: seq, delivered: seq, read: seq })
type Device = typeof device extends fc.Arbitrary<infer T> ? T : never

function stateWith(devices: readonly Device[]): ConversationState {
  const { state } = new Author('alice', ['alice'])
  const others = devices.map(({ account, live, since, delivered, read }, at) => ({
    ...newDevice(deviceOf(`device ${at}`), accountOf(`account ${account}`)),
    live,
    since,
    acknowledged: { counter: 1, delivered, read, control: undefined },
  }))
  return { ...state, devices: [...state.devices, ...others], sealed: { ...state.sealed, seq: SEALED } }
}

/** The rule, said once more for one event. */
function isReached(devices: readonly Device[], at: number, how: 'delivered' | 'read'): boolean {
  const accounts = [...new Set(devices.filter(({ since }) => since < at).map(({ account }) => account))]
  const isIn = (account: number): boolean => devices.some((one) => one.account === account && one.live)
  const has = (account: number): boolean =>
    devices.some(
      (one) =>
        one.account === account &&
        one.since < at &&
        one.delivered >= at &&
        (how === 'delivered' || Math.min(one.read, one.delivered) >= at),
    )
  const live = accounts.filter(isIn)
  return live.length > 0 ? live.every(has) : accounts.some(has)
}

const isIn = (spans: readonly Span[], at: number): boolean => spans.some(({ from, to }) => from <= at && at <= to)

test('what has reached whom follows the rule for each event by itself (seed 20261128)', () => {
  fc.assert(
    fc.property(fc.array(device, { maxLength: 7 }), (devices) => {
      const state = stateWith(devices)
      const reached = reachedOf(state)
      for (let at = 1; at <= SEALED; at += 1) {
        expect([at, isIn(reached.read, at)]).toEqual([at, isReached(devices, at, 'read')])
        expect([at, isIn(reached.delivered, at)]).toEqual([at, isReached(devices, at, 'delivered')])
        const { delivered, of } = reachedBy(state, at)
        if (of > 0) expect([at, delivered === of]).toEqual([at, isReached(devices, at, 'delivered')])
      }
    }),
    { seed: 20_261_128, numRuns: 500 },
  )
})

test('what was reached once stays reached, whoever comes and goes (seed 20261128)', () => {
  fc.assert(
    fc.property(fc.array(fc.array(device, { maxLength: 5 }), { maxLength: 6 }), (moments) => {
      let before = reachedOf(stateWith([]))
      for (const devices of moments) {
        const now = reachedOf({ ...stateWith(devices), reached: before })
        for (let at = 1; at <= SEALED; at += 1) {
          if (isIn(before.read, at)) expect(isIn(now.read, at)).toBe(true)
          if (isIn(before.delivered, at)) expect(isIn(now.delivered, at)).toBe(true)
          if (isIn(now.read, at)) expect(isIn(now.delivered, at)).toBe(true)
        }
        before = now
      }
    }),
    { seed: 20_261_128, numRuns: 300 },
  )
})
