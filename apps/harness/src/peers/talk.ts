import assert from 'node:assert/strict'
import type { SeededRandom } from '@sotto/testkit'
import { messagesOf } from './contacts.ts'
import type { Online } from './online.ts'
import type { Person } from './stage.ts'

/** A text and who said it (an account). */
export interface Said {
  readonly author: string
  readonly text: string
}

/** Somebody who is online, with the account that others see. */
export interface Speaker {
  readonly account: string
  readonly online: Online
}

export interface Talk {
  readonly between: readonly [Speaker, Speaker]
  readonly conversation: string
  /** Begins every text. */
  readonly name: string
  /** Messages each way. */
  readonly count: number
}

/**
 * Both say `count` things, in an order of chance and without waiting for each other. Resolves when each has been told
 * everything that the other said, and that the other has all that it said itself. Answers what was said, in the order of saying.
 */
export async function talk(random: SeededRandom, { between, conversation, name, count }: Talk): Promise<Said[]> {
  const said: Said[] = []
  const waits: Promise<unknown>[] = []
  for (const who of shuffled(random, [...Array(count).fill(0), ...Array(count).fill(1)] as (0 | 1)[])) {
    const [speaker, listener] = who === 0 ? between : [between[1], between[0]]
    const text = `${name} ${said.length}: ${'word '.repeat(random.integer(40))}.`
    const message = await speaker.online.send(conversation, text)
    waits.push(listener.online.until({ type: 'message', id: message, text }), delivered(speaker.online, message))
    said.push({ author: speaker.account, text })
  }
  await Promise.all(waits)
  return said
}

function shuffled<T>(random: SeededRandom, values: readonly T[]): T[] {
  const drawn = values.map((value) => ({ value, at: random.integer(2 ** 32) }))
  return drawn.toSorted((one, other) => one.at - other.at).map(({ value }) => value)
}

/** Resolves when the other side has it. A state may be passed over: whoever has read it has received it. */
export function delivered(speaker: Online, message: string): Promise<unknown> {
  return speaker.until(
    (line) =>
      line['type'] === 'state' &&
      line['message'] === message &&
      (line['state'] === 'delivered' || line['state'] === 'read'),
  )
}

/** Both show the same messages in the same order, each exactly once, what each author said in the order of saying, and all of it delivered. */
export async function expectSame(
  people: readonly Person[],
  conversation: string,
  said: readonly Said[],
): Promise<void> {
  const shown = await Promise.all(people.map((person) => messagesOf(person, conversation)))
  const [first = []] = shown
  assert.equal(first.length, said.length)
  for (const each of shown) {
    assert.deepEqual(
      each.map(({ id }) => id),
      first.map(({ id }) => id),
    )
  }
  for (const [at, { account }] of people.entries()) {
    const own = (rows: readonly { author: string; text: string }[]): string[] =>
      rows.filter((row) => row.author === account).map((row) => row.text)
    assert.deepEqual(own(first), own(said))
    for (const { author, state } of shown[at] ?? []) {
      if (author === account) assert.match(state, /^(delivered|read)$/)
    }
  }
}
