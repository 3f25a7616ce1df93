import type { Store } from '@sotto/interface'
import { seededRandom } from '../random.ts'
import { bytes, eventRow, id } from './sample-rows.ts'

/** Milliseconds, at the middle and near the slow end. */
export interface Spread {
  readonly p50: number
  readonly p95: number
}

export interface StoreFigures {
  readonly events: number
  readonly bulkPerSecond: number
  /** One event with one MLS state of 8 kB, as each message needs. */
  readonly commit: Spread
  readonly page: Spread
  readonly searchWord: Spread
  readonly searchPrefix: Spread
}

const BULK_COMMIT = 500
const VOCABULARY = 20_000
const CONVERSATIONS = 50

/** Fills an empty store with events of 13 random words and measures the everyday questions over them. */
export async function measureStore(store: Store, events: number): Promise<StoreFigures> {
  const random = seededRandom('measure store')
  const word = (): string => `w${random.integer(random.integer(VOCABULARY) + 1).toString(36)}`
  const row = (seq: number) =>
    eventRow({
      conversation: id(1 + (seq % CONVERSATIONS)),
      seq,
      lamport: seq,
      eventId: seq.toString(16).padStart(64, '0') as ReturnType<typeof id<'event'>>,
      text: Array.from({ length: 13 }, word).join(' '),
      header: bytes(180, seq % 256),
    })

  const started = performance.now()
  for (let first = 0; first < events; first += BULK_COMMIT) {
    const seqs = Array.from({ length: Math.min(BULK_COMMIT, events - first) }, (_, at) => first + at)
    await store.commit(seqs.map((seq) => ({ put: 'events', row: row(seq) })))
  }
  const seconds = (performance.now() - started) / 1000

  const state = bytes(8_000, 1)
  const conversation = id<'conversation'>(1)
  return {
    events,
    bulkPerSecond: Math.round(events / seconds),
    commit: await spread(300, (at) =>
      store.commit([
        { put: 'events', row: row(events + at) },
        {
          put: 'epochs',
          row: { conversation, epochId: id(2), parent: '', state, commit: bytes(0, 0), opens: 0, createdAt: 1 },
        },
      ]),
    ),
    page: await spread(100, (at) =>
      store.listBy('events.order', { prefix: [id(1 + (at % CONVERSATIONS)), 1], reverse: true, limit: 50 }),
    ),
    searchWord: await spread(50, () => store.search(`${word()} ${word()}`, { limit: 50 })),
    searchPrefix: await spread(50, () => store.search(word().slice(0, 3), { limit: 50 })),
  }
}

async function spread(rounds: number, work: (round: number) => Promise<unknown>): Promise<Spread> {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now()
    await work(round)
    times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  const at = (share: number): number => Number((times[Math.floor(times.length * share)] ?? 0).toFixed(3))
  return { p50: at(0.5), p95: at(0.95) }
}
