import { afterEach, beforeEach, expect, test } from 'vitest'
import { epochsOf, isOpenTo, Wiretap, type Loot } from '../test/thief.ts'
import { texts, until, World, type Person } from '../test/world.ts'

// A group of three with the settings that everybody has; for a month each says something every day. Each day a thief copies all that a device has
// stored, in the clear, and tries it on everything that was ever sent: before, and after, following every commit that it can follow.

const HOUR_MS = 3_600_000
const DAYS = 30
/** When the thief comes: in the midst of an epoch, and just after one has ended. All devices of three have had their turn 21 days later. */
const THEFTS = [1, 8]
/** What a day lasts at most, with all that is done in it. */
const A_DAY_HOURS = 25
const NAMES = ['Anna', 'Ben', 'Cleo']

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Messages, and the hours between the theft and the farthest of them. */
interface Window {
  readonly messages: number
  readonly hours: number
}

test(
  'a stolen state opens nothing that was read, and nothing any more once its device has renewed its keys',
  {
    timeout: 600_000,
  },
  async () => {
    const tap = new Wiretap(() => world.clock.now())
    const people = await listenedTo(tap)
    const [anna, ...others] = people as [Person, ...Person[]]
    for (const other of others) await world.meet(anna, other)
    const conversation = await world.group('Walks', anna, others)
    const first = tap.messages.length
    const loot = people.map((): Loot[] => [])
    for (let day = 0; day < DAYS; day++) {
      await aDay(people, conversation, day)
      for (const [i, { disk }] of people.entries()) loot[i]?.push({ at: world.clock.now(), disk: disk.copy() })
    }
    expect(tap.messages.length).toBeGreaterThanOrEqual(first + DAYS * people.length)
    const windows: { before: Window; after: Window }[] = []
    for (const [i, person] of people.entries()) {
      for (const day of THEFTS) windows.push(await windowOf(person, conversation, loot[i]?.[day] as Loot, tap))
    }
    const backward = widest(windows.map(({ before }) => before))
    const healing = widest(windows.map(({ after }) => after))
    const kept = await longestKept(loot, conversation)
    console.log(`Stolen states of a group of three with default settings, ${String(DAYS)} days, ${String(tap.messages.length)} messages:
    forward secrecy: ${said(backward)} from before the theft can be read; a state stays stored for ${kept.toFixed(0)} h after its epoch ended, at most;
    healing: ${said(healing)} from after the theft can be read, then no more.`)
    expect(backward).toEqual({ messages: 0, hours: 0 })
    expect(kept).toBeLessThanOrEqual(A_DAY_HOURS)
    // The thief is a good one: whoever was robbed is read until its turn has come, which is three weeks here, and no longer.
    expect(windows.every(({ after }) => after.messages > 0)).toBe(true)
    expect(healing.hours).toBeLessThanOrEqual(3 * 7 * 24 + A_DAY_HOURS)
  },
)

/** The people of the story, and what they send is heard. */
async function listenedTo(tap: Wiretap): Promise<Person[]> {
  const people: Person[] = []
  for (const name of NAMES) {
    const person = await world.person(name, { offline: true })
    await world.stop(person)
    people.push(await world.person(name, { disk: tap.on(person.disk, name) }))
  }
  return people
}

/** A day later the relay is found again, as after a night, and everybody says something that all read. */
async function aDay(people: readonly Person[], conversation: string, day: number): Promise<void> {
  world.clock.jump(24 * HOUR_MS)
  world.network.setRelay(world.relay.address, false)
  world.network.setRelay(world.relay.address, true)
  for (const [i, person] of people.entries()) {
    const text = `day ${String(day)}, ${NAMES[i] ?? ''}`
    await person.client.do('send', { conversation, text })
    for (const other of people) await until(async () => (await texts(other, conversation)).includes(text))
  }
  for (const person of people) await person.client.do('sync', {})
}

async function windowOf(
  person: Person,
  conversation: string,
  loot: Loot,
  tap: Wiretap,
): Promise<{ before: Window; after: Window }> {
  const states = await epochsOf(person, conversation, loot, tap)
  const ages: number[] = []
  for (const { mls, at } of tap.messages) {
    // What was read is the harder question: there the thief also takes every stolen byte for a key.
    const force = at <= loot.at
    if (await isOpenTo(person.client.context.engine, states, mls, { force })) ages.push((at - loot.at) / HOUR_MS)
  }
  const spanOf = (hours: readonly number[]): Window => ({
    messages: hours.length,
    hours: Math.max(0, ...hours.map(Math.abs)),
  })
  return { before: spanOf(ages.filter((age) => age <= 0)), after: spanOf(ages.filter((age) => age > 0)) }
}

/** How many hours after an epoch had ended its state was still there at most: the first day on which it is not. */
async function longestKept(loot: readonly (readonly Loot[])[], conversation: string): Promise<number> {
  let longest = 0
  for (const copies of loot) {
    const endedAt = new Map<string, number>()
    for (const { at, disk } of copies) {
      const store = disk.copy().open()
      const rows = (await store.list('epochs', { prefix: [conversation] })).toSorted(
        (a, b) => a.createdAt - b.createdAt,
      )
      await store.close()
      for (const [i, { epochId }] of rows.entries()) {
        const next = rows[i + 1]
        if (next === undefined) continue
        const ended = endedAt.get(epochId) ?? next.createdAt
        endedAt.set(epochId, ended)
        longest = Math.max(longest, (at - ended) / HOUR_MS)
      }
    }
  }
  return longest
}

function widest(windows: readonly Window[]): Window {
  return {
    messages: Math.max(...windows.map(({ messages }) => messages)),
    hours: Math.max(...windows.map(({ hours }) => hours)),
  }
}

function said({ messages, hours }: Window): string {
  return `${String(messages)} messages of ${hours.toFixed(0)} h`
}
