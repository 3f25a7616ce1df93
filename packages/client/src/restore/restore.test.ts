import { memoryDisk } from '@sotto/store/memory'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountOf, membersIn, texts, until, World, type Person } from '../../test/world.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

const deviceOf = (person: Person): string => person.client.context.profile().device

test('whoever has lost every device is back in pair and group, and the lost device is out everywhere', async () => {
  const [alice, carol] = [await world.person('Alice'), await world.person('Carol')]
  const { person: lost, phrase } = await world.personWithPhrase('Ben')
  const old = await world.meet(alice, lost)
  await world.meet(alice, carol)
  const walks = await world.group('Walks', alice, [lost, carol])
  await alice.client.do('verify', { account: accountOf(lost) })
  const ben = await world.restored('Ben', phrase)
  expect(accountOf(ben)).toBe(accountOf(lost))
  const pair = await world.meet(alice, ben)
  await until(() => membersIn(ben, walks).length === 3)
  for (const person of [alice, carol])
    await until(() => !person.client.get(walks).peerDevices.includes(deviceOf(lost) as never))
  await alice.client.do('send', { conversation: walks, text: 'to the group' })
  await until(async () => (await texts(ben, walks)).includes('to the group'))
  await ben.client.do('send', { conversation: walks, text: 'back again' })
  await until(async () => (await texts(carol, walks)).includes('back again'))
  expect(await texts(lost, walks)).not.toContain('to the group')
  expect(alice.client.get(pair).verified).toBe(true)
  expect(alice.client.get(old).isOver).toBe(true)
  await until(() => lost.facts.find((fact) => fact.type === 'notice' && fact.name === 'device-revoked'))
  await expect(lost.client.do('send', { conversation: walks, text: 'still me' })).rejects.toMatchObject({
    code: 'device-retired',
  })
  await expect(alice.client.do('send', { conversation: old, text: 'hello?' })).rejects.toMatchObject({ code: 'ended' })
})

test('a page that has no name yet becomes a device of the account of the words, once', async () => {
  const [alice, { person: lost, phrase }] = [await world.person('Alice'), await world.personWithPhrase('Ben')]
  await world.meet(alice, lost)
  const disk = memoryDisk()
  await world.setUp(disk, undefined)
  const page = await world.person('', { disk })
  await expect(page.client.do('restore', { name: 'Ben', phrase: `${phrase} x` })).rejects.toMatchObject({
    code: 'bad-phrase',
  })
  await page.client.do('restore', { name: 'Ben', phrase })
  expect(page.client.snapshot.get().self).toMatchObject({ account: accountOf(lost), name: 'Ben' })
  await expect(page.client.do('restore', { name: 'Ben', phrase })).rejects.toMatchObject({ code: 'already-set-up' })
  const pair = await world.meet(page, alice)
  await until(() => alice.facts.find((fact) => fact.type === 'notice' && fact.name === 'contact-restored'))
  await alice.client.do('send', { conversation: pair, text: 'you again' })
  await until(async () => (await texts(page, pair)).includes('you again'))
})

test('every device of a contact ends the old conversation, and one that is linked later is in', async () => {
  const [alice, { person: lost, phrase }] = [await world.person('Alice'), await world.personWithPhrase('Ben')]
  const old = await world.meet(alice, lost)
  const phone = await world.device(alice)
  await until(() => phone.client.conversations.has(old))
  const ben = await world.restored('Ben', phrase)
  const pair = await world.meet(alice, ben)
  for (const device of [alice, phone]) {
    await until(() => device.client.conversations.get(old)?.isOver)
    await until(() => device.client.conversations.has(pair))
  }
  await until(() => lost.client.get(old).isOver)
  await until(() => phone.store.get('meta', [`restored ${accountOf(ben)}`]))
  const { link } = await lost.client.do('invite', {})
  await expect(phone.client.do('join', { link })).rejects.toMatchObject({ code: 'invitation-lost' })
  const tablet = await world.device(ben)
  await until(() => tablet.client.conversations.has(pair))
  await alice.client.do('send', { conversation: pair, text: 'to all of you' })
  for (const device of [ben, tablet, phone])
    await until(async () => (await texts(device, pair)).includes('to all of you'))
  expect((await ben.client.do('devices', {})).rows.filter(({ retired }) => retired !== true)).toHaveLength(2)
})
