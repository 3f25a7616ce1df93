import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountOf, until, World, type Person } from '../../test/world.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { Fact } from '../fact.ts'
import type { Control } from './control.ts'
import { tellLines } from './told-lines.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** What a person was told of lines: who did what, about whom, by the names that they were told with. */
function told({ facts }: Person, conversation: string): string[] {
  return facts.flatMap((fact) => {
    if (fact.type !== 'line' || fact.conversation !== conversation) return []
    const { line, by, account, title } = fact.line
    const name = (id: string): string => fact.names.find((one) => one.account === id)?.name ?? id
    return [[name(by), line, title ?? (account === undefined ? undefined : name(account))].filter(Boolean).join(' ')]
  })
}

test('what is done in a group is told once, as it comes, to all who are in it, also to who is put out', async () => {
  const [anna, ben, cleo] = [await world.person('Anna'), await world.person('Ben'), await world.person('Cleo')]
  await world.meet(anna, ben)
  await world.meet(anna, cleo)
  const conversation = await world.group('Walks', anna, [ben])
  expect(told(anna, conversation)).toEqual(['Anna created Walks', 'Anna added Ben'])
  // Of what was before, only how it came in.
  await until(() => told(ben, conversation).length > 0)
  expect(told(ben, conversation)).toEqual(['Anna added Ben'])

  await anna.client.do('groupAdd', { conversation, account: accountOf(cleo) })
  const request = await until(() => cleo.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await cleo.client.do('accept', { id: request.id })
  await until(() => told(cleo, conversation).length > 0)
  await anna.client.do('groupRole', { conversation, account: accountOf(ben), role: 'admin' })
  await anna.client.do('groupRename', { conversation, title: 'Long walks' })
  await until(() => told(ben, conversation).includes('Anna renamed Long walks'))
  await anna.client.do('groupRemove', { conversation, account: accountOf(ben) })
  await until(() => told(ben, conversation).includes('Anna removed Ben'))
  await until(() => told(cleo, conversation).includes('Anna removed Ben'))
  await cleo.client.do('groupLeave', { conversation })
  await until(() => told(anna, conversation).includes('Cleo left'))

  const later = ['Anna appointed Ben', 'Anna renamed Long walks', 'Anna removed Ben']
  expect(told(anna, conversation).slice(2)).toEqual(['Anna added Cleo', ...later, 'Cleo left'])
  expect(told(ben, conversation).slice(1)).toEqual(['Anna added Cleo', ...later])
  expect(told(cleo, conversation)).toEqual(['Anna added Cleo', ...later, 'Cleo left'])
})

test('what came while nobody watched is told at the next start, all of it, and what was told is not told again', async () => {
  const [anna, ben] = [await world.person('Anna'), await world.person('Ben')]
  await world.meet(anna, ben)
  const conversation = await world.group('Walks', anna, [ben])
  await until(() => told(ben, conversation).length > 0)
  await world.stop(ben)
  await anna.client.do('groupRename', { conversation, title: 'Runs' })
  await anna.client.do('groupRename', { conversation, title: 'Rides' })
  await until(async () => (await anna.client.do('status', {})).waiting.length === 0)
  const back = await world.person('Ben', { disk: ben.disk })
  await until(() => told(back, conversation).length === 2)
  expect(told(back, conversation)).toEqual(['Anna renamed Runs', 'Anna renamed Rides'])
})

test('in a 1:1 it is told on both sides, and on the new device, that a device was linked; nothing of the own conversation', async () => {
  const { alice, bob, conversation } = await world.pair()
  const phone = await world.device(alice)
  await until(() => told(phone, conversation).length > 0)
  for (const person of [alice, bob, phone]) {
    await until(() => told(person, conversation).length > 0)
    expect(told(person, conversation)).toEqual(['Alice device-linked'])
    const others = person.facts.filter((fact) => fact.type === 'line' && fact.conversation !== conversation)
    expect(others).toEqual([])
  }
})

test('whoever comes in again is told what was done meanwhile', async () => {
  const [anna, ben] = [await world.person('Anna'), await world.person('Ben')]
  await world.meet(anna, ben)
  const conversation = await world.group('Walks', anna, [ben])
  await anna.client.do('groupRemove', { conversation, account: accountOf(ben) })
  await until(() => told(ben, conversation).includes('Anna removed Ben'))
  await until(() => ben.client.get(conversation).isOver && !anna.client.get(conversation).isRekeying)
  await anna.client.do('groupRename', { conversation, title: 'Runs' })
  await anna.client.do('groupAdd', { conversation, account: accountOf(ben) })
  const request = await until(() => ben.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await ben.client.do('accept', { id: request.id })
  await until(() => told(ben, conversation).length === 4)
  expect(told(ben, conversation)).toEqual(['Anna added Ben', 'Anna removed Ben', 'Anna renamed Runs', 'Anna added Ben'])
})

test('a line that a decision elsewhere took away and brought again is told once', () => {
  const facts: Fact[] = []
  const log = (...ids: string[]): Control => {
    const effective = ids.map((id) => ({ id, account: 'anna', body: { kind: 'rename', title: id } }))
    const kept = new Map(ids.map((id) => [id, { madeAt: 0 }]))
    return { view: { is: 'group', effective, tree: [] }, kept, log: { size: ids.length } } as unknown as Control
  }
  const context = { emit: (fact: Fact) => facts.push(fact) }
  const conversation = { id: 'c', kind: 'group', state: {}, context, nameOf: () => '' } as unknown as Conversation
  for (const next of [log('one', 'two'), log('one'), log('one', 'two', 'three'), log('one', 'two', 'three')]) {
    const before = conversation.control ?? log('one')
    conversation.control = next
    tellLines(conversation, before)
  }
  expect(facts.map((fact) => fact.type === 'line' && fact.line.title)).toEqual(['two', 'three'])
})
