import type { ConversationId } from '@sotto/interface'
import type { Conversation } from '../src/conversation/conversation.ts'
import { accountOf, once, until, type Person, type World } from './world.ts'

/** A group of three, in which Anna knows both others, who do not know each other. */
export interface Walks {
  readonly anna: Person
  readonly ben: Person
  readonly cleo: Person
  readonly conversation: ConversationId
}

const groups = once(makeWalks)
const groupsWithAdmin = once(async (world) => {
  const { anna, ben, cleo, conversation } = await makeWalks(world)
  await anna.client.do('groupRole', { conversation, account: accountOf(ben), role: 'admin' })
  for (const person of [anna, ben, cleo])
    await until(() => groupOf(person, conversation).control?.roleOf(accountOf(ben)) === 'admin')
})

/** Anna's group with Ben and Cleo. */
export async function walks(world: World): Promise<Walks> {
  return walking(await world.begin(await groups()))
}

/** The same, with Ben as an admin, as all know. */
export async function walksWithAdmin(world: World): Promise<Walks> {
  return walking(await world.begin(await groupsWithAdmin()))
}

async function makeWalks(world: World): Promise<Walks> {
  const [anna, ben, cleo] = [await world.person('Anna'), await world.person('Ben'), await world.person('Cleo')]
  await world.meet(anna, ben)
  await world.meet(anna, cleo)
  return { anna, ben, cleo, conversation: await world.group('Walks', anna, [ben, cleo]) }
}

function walking(people: readonly Person[]): Walks {
  const [anna, ben, cleo] = people as [Person, Person, Person]
  const group = anna.client.snapshot.get().conversations.find(({ kind }) => kind === 'group')
  if (group === undefined) throw new Error('no group')
  return { anna, ben, cleo, conversation: group.conversation }
}

export function groupOf(person: Person, conversation: string): Conversation {
  return person.client.get(conversation)
}
