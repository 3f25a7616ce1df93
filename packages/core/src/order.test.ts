import { decodeEventHeader, toHex } from '@sotto/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Author, shownRows } from '../test/author.ts'
import { makeHistory, shuffled, type History, type Sent } from '../test/history.ts'
import { encodeConversation, visibleGaps, type ConversationState, type Step } from './index.ts'
import { compareEvents } from './order.ts'

const RUNS = { numRuns: 60, seed: 20_261_125 }
const seeds = fc.tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 1_000_000 }))

/** Everything but our own receipts, whose number depends on how often something came. */
function digest(state: ConversationState): string {
  const receipts = { ...state.receipts, counter: 0, due: undefined }
  return toHex(encodeConversation({ ...state, receipts }))
}

function listener({ names }: History): Author {
  return new Author(names.at(-1) ?? '', names)
}

/** Names of events that are on display although something they name is neither there nor marked as a gap. */
function shownTooEarly(author: Author): string[] {
  const gaps = visibleGaps(author.state)
  const isGap = (device: string, seq: number): boolean =>
    gaps.some((gap) => gap.author === device && gap.from <= seq && seq <= gap.to)
  return shownRows(author.rows.values()).flatMap((row) => {
    const header = decodeEventHeader(row.header)
    if (!header.ok) return ['undecodable']
    const before = header.value.deps.map(({ device, seq }) => ({ device: toHex(device), seq }))
    if (row.seq > 1) before.push({ device: row.device, seq: row.seq - 1 })
    return before
      .filter(({ device, seq }) => author.rows.get(`${device}:${seq}`)?.shown !== 1 && !isGap(device, seq))
      .map(({ seq }) => `${row.text} before ${seq}`)
  })
}

function openAll(author: Author, sent: readonly Sent[], each: (stepped: Step) => void = () => undefined): void {
  for (const { sender, seal } of sent) each(author.open(sender, seal))
}

describe('order (seed 20261125)', () => {
  it('is the same, and so is the whole state, for any interleaving and duplication of the same seals', () => {
    fc.assert(
      fc.property(seeds, ([history, shuffle]) => {
        const made = makeHistory(history)
        const [straight, shaken] = [listener(made), listener(made)]
        openAll(straight, made.sent)
        openAll(shaken, shuffled(made.sent, shuffle))
        expect(shaken.texts()).toEqual(straight.texts())
        expect(digest(shaken.state)).toBe(digest(straight.state))
        expect(shaken.texts().length).toBe(made.sent.reduce((sum, { seal }) => sum + seal.events.length, 0))
      }),
      RUNS,
    )
  })

  it('is the same after gaps were shown on the way', () => {
    fc.assert(
      fc.property(seeds, ([history, shuffle]) => {
        const made = makeHistory(history)
        const [straight, shaken] = [listener(made), listener(made)]
        openAll(straight, made.sent)
        openAll(shaken, shuffled(made.sent, shuffle), () => {
          expect(shownTooEarly(shaken)).toEqual([])
          shaken.tick(9_000)
        })
        expect(shaken.texts()).toEqual(straight.texts())
        expect(visibleGaps(shaken.state)).toEqual([])
        const plain = (state: ConversationState): unknown[] =>
          state.devices.map((record) => ({ ...record, declared: 0 }))
        expect(plain(shaken.state)).toEqual(plain(straight.state))
      }),
      RUNS,
    )
  })

  it('never shows an event before what it names unless that is a declared gap, and shows none twice', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 1, noNaN: true }), ([history, shuffle], keep) => {
        const made = makeHistory(history)
        const author = listener(made)
        const some = shuffled(made.sent, shuffle)
        const shown = new Set<string>()
        const look = (stepped: Step): void => {
          expect(shownTooEarly(author)).toEqual([])
          for (const effect of stepped.after) {
            if (effect.type !== 'shown') continue
            for (const { eventId } of effect.events) {
              expect(shown.has(eventId)).toBe(false)
              shown.add(eventId)
            }
          }
        }
        openAll(author, some.slice(0, Math.ceil(some.length * keep)), look)
        look(author.tick(60_000))
        // What is here is shown now, whatever is missing.
        expect([...author.rows.values()].filter((row) => row.shown === 0)).toEqual([])
      }),
      RUNS,
    )
  })

  it('puts every event after those it names', () => {
    const made = makeHistory(7, 60)
    const author = listener(made)
    openAll(author, made.sent)
    const places = new Map(shownRows(author.rows.values()).map((row, at) => [row.eventId, at]))
    for (const { eventId, deps, prev } of made.sent.flatMap(({ seal }) => seal.events)) {
      for (const before of [...deps.map((dep) => dep.eventId), ...(prev === '' ? [] : [prev])]) {
        expect(places.get(before)).toBeLessThan(places.get(eventId) ?? -1)
      }
    }
  })

  it('is total', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ lamport: fc.integer({ min: 1, max: 4 }), eventId: fc.constantFrom('a', 'b', 'c') })),
        (events) => {
          const sorted = events.toSorted(compareEvents)
          for (const [at, event] of sorted.entries()) {
            const next = sorted[at + 1]
            if (next !== undefined) expect(compareEvents(event, next)).toBeLessThanOrEqual(0)
          }
        },
      ),
      RUNS,
    )
  })
})
