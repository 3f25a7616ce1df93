import type { InnerId } from '@sotto/interface'
import { receive } from '../src/conversation/receive.ts'
import { groupOf } from './scenes.ts'
import type { Person, World } from './world.ts'

/** Something sealed, as it leaves its author. */
export interface Item {
  readonly innerId: InnerId
  readonly inner: Uint8Array
}

/**
 * Somebody says something while no relay answers, and is killed: it is sealed and has reached nobody. What it says goes to whom the test gives it.
 * Nobody may be connected directly.
 */
export async function lastWords(
  world: World,
  author: Person,
  conversation: string,
  said: readonly string[],
): Promise<Item[]> {
  const group = groupOf(author, conversation)
  world.network.setRelay(world.relay.address, false)
  for (const text of said) await author.client.do('send', { conversation, text })
  await group.lane.run(() => group.step({ type: 'seal-due' }))
  const rows = await author.store.list('outbox', { prefix: [conversation] })
  await world.stop(author)
  world.network.setRelay(world.relay.address, true)
  return rows.filter(({ kind }) => kind === 'application')
}

/** It has reached that one after all. */
export async function reach(person: Person, conversation: string, items: readonly Item[]): Promise<void> {
  const group = groupOf(person, conversation)
  for (const { innerId, inner } of items) await group.lane.run(() => receive(group, innerId, inner, { via: 'mailbox' }))
}
