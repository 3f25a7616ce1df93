import type { Change, ConversationId, Range, Rows, Store } from '@sotto/interface'
import type { SeededRandom } from '../random.ts'
import { seededRandom } from '../random.ts'
import { assertRefused, assertSame } from './assert.ts'
import { Oracle } from './oracle.ts'
import type { CheckBody } from './place.ts'
import { eventRow, id } from './sample-rows.ts'

const WORDS = ['ant', 'antler', 'bee', 'beetle', 'cat', 'catalog', 'dog', 'dogma', 'emu', 'fox']

/** Random commits, questions and openings over few keys, each answer compared with the {@link Oracle}'s. */
export function modelCheck(seed: number, steps: number): CheckBody {
  return async (first, place) => {
    const random = seededRandom(`store model ${seed}`)
    const oracle = new Oracle()
    let store = first
    for (let step = 0; step < steps; step += 1) {
      const what = `seed ${seed} step ${step}`
      if (random.chance(0.02)) {
        await store.close()
        store = await place.open()
      }
      if (random.chance(0.5)) await commitSome(store, oracle, random, what)
      else await askSome(store, oracle, random, what)
    }
    for (const table of ['events', 'epochs', 'seen', 'meta'] as const) {
      assertSame(await store.list(table), oracle.list(table, { prefix: [] }), `seed ${seed} at the end: ${table}`)
    }
    await store.close()
  }
}

async function commitSome(store: Store, oracle: Oracle, random: SeededRandom, what: string): Promise<void> {
  const changes = Array.from({ length: 1 + random.integer(6) }, () => someChange(random))
  if (random.chance(0.1)) {
    const bad: Change = { put: 'seen', row: { conversation: id(1), innerId: id(1), at: 0.5 } }
    await assertRefused(() => store.commit([...changes, bad]), 'TypeError', what)
  } else {
    await store.commit(changes)
    oracle.apply(changes)
  }
}

function someChange(random: SeededRandom): Change {
  const conversation = id<'conversation'>(1 + random.integer(3))
  const innerId = id<'inner'>(random.integer(8))
  const key = `key ${random.integer(6)}`
  const event = someEvent(random, conversation)
  const changes: Change[] = [
    { put: 'events', row: event },
    { put: 'events', row: event },
    { delete: 'events', key: [event.conversation, event.device, event.seq] },
    { put: 'seen', row: { conversation, innerId, at: random.integer(1000) } },
    { delete: 'seen', key: [conversation, innerId] },
    { put: 'meta', row: { key, value: random.bytes(random.integer(40)) } },
    { delete: 'meta', key: [key] },
    { put: 'epochs', row: someEpoch(random, conversation) },
  ]
  return random.pick(changes)
}

function someEvent(random: SeededRandom, conversation: ConversationId): Rows['events'] {
  const words = Array.from({ length: random.integer(4) }, () => random.pick(WORDS))
  return eventRow({
    conversation,
    device: id(1 + random.integer(2)),
    seq: random.integer(12),
    eventId: id(random.integer(200)),
    lamport: random.integer(15),
    text: words.join(' '),
    shown: random.integer(2),
    body: random.bytes(random.integer(200)),
  })
}

function someEpoch(random: SeededRandom, conversation: ConversationId): Rows['epochs'] {
  return {
    conversation,
    epochId: id(random.integer(5)),
    parent: '',
    state: random.bytes(random.integer(3_000)),
    commit: random.bytes(random.integer(100)),
    opens: random.integer(2),
    createdAt: random.integer(100),
  }
}

async function askSome(store: Store, oracle: Oracle, random: SeededRandom, what: string): Promise<void> {
  const conversation = id<'conversation'>(1 + random.integer(3))
  const device = id<'device'>(1 + random.integer(2))
  const ask = random.integer(4)
  if (ask === 0) {
    const key = [conversation, device, random.integer(12)]
    assertSame(await store.get('events', key), oracle.get('events', key), `${what}: get ${String(key[2])}`)
  } else if (ask === 1) {
    const range = someRange(random, [conversation, device, random.integer(12)])
    assertSame(await store.list('events', range), oracle.list('events', range), `${what}: ${JSON.stringify(range)}`)
  } else if (ask === 2) {
    const range = someRange(random, [conversation, random.integer(2), random.integer(15), id(random.integer(200))])
    const found = await store.listBy('events.order', range)
    assertSame(found, oracle.listBy('events.order', range), `${what}: order ${JSON.stringify(range)}`)
  } else {
    const words = Array.from({ length: 1 + random.integer(2) }, () =>
      random.pick(WORDS).slice(0, 1 + random.integer(4)),
    )
    const limit = random.pick([1, 3, 100])
    const options = random.chance(0.5) ? { limit } : { limit, conversation }
    const expected = oracle.search(words, options.conversation, limit)
    assertSame(await store.search(words.join(' '), options), expected, `${what}: search ${words.join(' ')}`)
  }
}

/** A range whose prefix and start are cut from a full key. */
function someRange(random: SeededRandom, key: readonly (string | number)[]): Range {
  const prefix = key.slice(0, random.integer(key.length + 1))
  const rest = key.slice(prefix.length)
  return {
    prefix,
    after: rest.slice(0, random.integer(rest.length + 1)),
    reverse: random.chance(0.5),
    limit: random.pick([1, 2, 5, 10_000]),
  }
}
