import type { ConversationId } from '@sotto/interface'
import { encodeControlAttachment } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { controlOf, daysPass, hears, viewOf } from '../../test/absence.ts'
import { groupOf } from '../../test/scenes.ts'
import { accountOf, membersIn, testClock, until, World, type Person } from '../../test/world.ts'
import { advance } from './advance.ts'
import { rekeyGroup } from './commit-due.ts'
import { leftOut } from './left-out.ts'
import { say } from './say.ts'

const DAY_MS = 86_400_000
const FAR_MS = 400 * DAY_MS

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

const deviceOf = (person: Person): string => person.client.context.profile().device

/** Grants another device of the account anew, with bytes that are no key package. */
async function grantRubbish(by: Person, device: Person, conversation: string): Promise<void> {
  const entry = groupOf(by, conversation)
  const { chain } = device.client.context.profile()
  const attachment = encodeControlAttachment({ keyPackages: [Uint8Array.of(1, 2, 3)] })
  await entry.lane.run(async () => {
    await say(entry, { case: 'grant', value: { chain } }, { attachment })
    await advance(entry)
  })
}

/** Ben has two devices, both in all that he is in. */
async function twoDevices(ben: Person, conversations: readonly string[]): Promise<Person> {
  const tablet = await world.device(ben)
  for (const id of conversations) await until(() => tablet.client.conversations.get(id as ConversationId))
  return tablet
}

const isWithout = (person: Person, conversation: string, device: Person): boolean =>
  leftOut(groupOf(person, conversation)).some((leaf) => leaf.device === deviceOf(device))

test('a device that is granted with rubbish stays outside alone: its account, its other device and all changes go on; it comes in again', async () => {
  const [anna, ben, cleo] = [await world.person('Anna'), await world.person('Ben'), await world.person('Cleo')]
  await world.meet(anna, ben)
  await world.meet(anna, cleo)
  const conversation = await world.group('Walks', anna, [ben])
  const tablet = await twoDevices(ben, [conversation])
  await grantRubbish(ben, tablet, conversation)
  await until(() => isWithout(anna, conversation, tablet))
  await until(() => isWithout(ben, conversation, tablet))
  expect(controlOf(anna, conversation).roleOf(accountOf(ben))).toBe('member')
  // Somebody comes in, with the same tree, and everybody hears everybody.
  await anna.client.do('groupAdd', { conversation, account: accountOf(cleo) })
  const request = await until(() => cleo.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await cleo.client.do('accept', { id: request.id })
  for (const person of [anna, ben, cleo]) await until(() => membersIn(person, conversation).join() === 'Anna,Ben,Cleo')
  await ben.client.do('send', { conversation, text: 'still here' })
  for (const person of [anna, ben, cleo]) await hears(person, conversation, ['still here'])
  for (let days = 0; isWithout(anna, conversation, tablet) && days < 6; days += 1) {
    await daysPass(world, 1, [anna, ben, cleo, tablet])
    await tablet.client.do('sync', {})
  }
  await anna.client.do('send', { conversation, text: 'all of you' })
  await hears(tablet, conversation, ['all of you'])
})

test('in a 1:1 a device that is granted with rubbish keeps nobody from changing keys', async () => {
  const { alice, bob, conversation } = await world.pair()
  const tablet = await twoDevices(bob, [conversation])
  await grantRubbish(bob, tablet, conversation)
  for (const person of [alice, bob]) await until(() => isWithout(person, conversation, tablet))
  for (const person of [alice, bob]) {
    const pair = groupOf(person, conversation)
    const before = viewOf(person, conversation).tip
    expect(await pair.lane.run(() => rekeyGroup(pair))).toBe(true)
    for (const other of [alice, bob]) await until(() => viewOf(other, conversation).tip !== before)
    await until(() => viewOf(alice, conversation).tip === viewOf(bob, conversation).tip)
  }
  await alice.client.do('send', { conversation, text: 'under new keys' })
  await hears(bob, conversation, ['under new keys'])
})

test('a yes by a device whose clock is wrong brings nobody in; both sides are told, and it works when the clock is right', async () => {
  const clock = testClock()
  const [anna, ben] = [await world.person('Anna'), await world.person('Ben')]
  const dora = await world.person('Dora', { clock })
  await world.meet(anna, ben)
  await world.meet(anna, dora)
  const conversation = await world.group('Walks', anna, [ben])
  const ask = async (): Promise<void> => {
    await anna.client.do('groupAdd', { conversation, account: accountOf(dora) })
    const request = await until(() => dora.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
    await dora.client.do('accept', { id: request.id })
  }
  const isTold = (person: Person, name: string, words: RegExp): boolean =>
    person.facts.some((fact) => fact.type === 'notice' && fact.name === name && words.test(fact.text))
  clock.jump(FAR_MS)
  await ask()
  await until(() => isTold(anna, 'keys-unusable', /Dora said yes/))
  await until(() => isTold(dora, 'invitation-taken-back', /clock is right/))
  expect(membersIn(ben, conversation)).toEqual(['Anna', 'Ben'])
  await until(() => controlOf(anna, conversation).kept.size === controlOf(ben, conversation).kept.size)
  clock.jump(-FAR_MS)
  await ask()
  for (const person of [anna, ben, dora]) await until(() => membersIn(person, conversation).join() === 'Anna,Ben,Dora')
})

test('a second device whose clock is wrong stays out of a group alone, its person is told, and it comes in when the clock is right', async () => {
  const [anna, ben] = [await world.person('Anna'), await world.person('Ben')]
  await world.meet(anna, ben)
  const linked = await world.device(ben)
  await world.stop(linked)
  const clock = testClock()
  const tablet = await world.person('', { disk: linked.disk, clock })
  clock.jump(FAR_MS)
  const conversation = await world.group('Walks', anna, [ben])
  await until(() => ben.facts.some((fact) => fact.type === 'notice' && fact.name === 'keys-unusable'))
  expect(membersIn(anna, conversation)).toEqual(['Anna', 'Ben'])
  clock.jump(-FAR_MS)
  await daysPass(world, 1.1, [anna, ben])
  clock.jump(1.1 * DAY_MS)
  await until(async () => {
    await ben.client.do('sync', {})
    return tablet.client.conversations.has(conversation)
  })
  await anna.client.do('send', { conversation, text: 'hello, both' })
  for (const person of [ben, tablet]) await hears(person, conversation, ['hello, both'])
})
