import type { View } from '@sotto/group'
import type { ConversationId } from '@sotto/interface'
import { isLookDue } from '../src/groups/attendance.ts'
import type { Control } from '../src/groups/control.ts'
import { accountOf, texts, until, type Person, type World } from './world.ts'

const DAY_MS = 86_400_000

/** Anna's group with Ben and Cleo, in which everybody has heard everybody and agreed to where they are. */
export async function settledGroup(
  world: World,
): Promise<{ anna: Person; ben: Person; cleo: Person; conversation: string }> {
  const [anna, ben, cleo] = [await world.person('Anna'), await world.person('Ben'), await world.person('Cleo')]
  await world.meet(anna, ben)
  await world.meet(anna, cleo)
  const conversation = await world.group('Walks', anna, [ben, cleo])
  const all = [anna, ben, cleo]
  for (const person of all) {
    const text = `from ${accountOf(person)}`
    await person.client.do('send', { conversation, text })
    for (const other of all) await until(async () => (await texts(other, conversation)).includes(text))
  }
  await untilFinal(all, conversation)
  return { anna, ben, cleo, conversation }
}

export async function untilFinal(people: readonly Person[], conversation: string): Promise<void> {
  const isFinal = (person: Person): boolean => {
    const { tip, final } = viewOf(person, conversation)
    return final === tip && tip === viewOf(people[0] ?? person, conversation).tip
  }
  for (const person of people) await until(() => isFinal(person))
}

export function controlOf(person: Person, conversation: string): Control {
  const { control } = person.client.get(conversation)
  if (control === undefined) throw new Error('no control log')
  return control
}

export function viewOf(person: Person, conversation: string): View {
  return controlOf(person, conversation).view
}

/** How many things of that kind somebody has. */
export function saidIn(person: Person, conversation: string, kind: string): number {
  return [...controlOf(person, conversation).kept.values()].filter(({ thing }) => thing.body.kind === kind).length
}

/** Days go by for those who are there: once a week the relay is reached anew. */
export async function daysPass(world: World, days: number, there: readonly Person[]): Promise<void> {
  for (let left = days; left > 0; left -= 7) {
    world.clock.jump(Math.min(7, left) * DAY_MS)
    await reachAnew(world, there)
  }
}

/** The relay is gone and comes back; everything there is read again. */
export async function reachAnew(world: World, there: readonly Person[]): Promise<void> {
  world.network.setRelay(world.relay.address, false)
  for (const { client } of there) await until(() => client.snapshot.get().relays.every(({ reachable }) => !reachable))
  world.network.setRelay(world.relay.address, true)
  for (const { client } of there) {
    const hasLooked = (): boolean => [...client.conversations.values()].every((entry) => !isLookDue(entry))
    await until(() => client.network.posts().every((post) => post.isCurrent) && hasLooked() && !client.network.isBusy)
  }
}

/** Weeks go by until something is so. */
export async function weeksPass(world: World, there: readonly Person[], isSo: () => boolean): Promise<void> {
  for (let weeks = 0; !isSo(); weeks += 1) {
    if (weeks > 12) throw new Error('a quarter of a year went by in vain')
    await daysPass(world, 7, there)
  }
}

/** Waits for a line between the messages. */
export async function seesLine(person: Person, conversation: string, line: string): Promise<void> {
  const view = person.client.conversation(conversation as ConversationId)
  const off = view.subscribe(() => {})
  await until(() => view.get().rows.some((row) => 'line' in row && row.line === line))
  off()
}

/** Waits until somebody has all these texts. */
export async function hears(person: Person, conversation: string, wanted: readonly string[]): Promise<void> {
  await until(async () => {
    const there = await texts(person, conversation)
    return wanted.every((text) => there.includes(text))
  })
}
