import { afterEach, beforeEach, expect, test } from 'vitest'
import { World } from '../../test/world.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

test('a device that died right after its end in the own conversation was stored is retired at its next start', async () => {
  const alice = await world.person('Alice')
  const phone = await world.device(alice)
  await world.stop(phone)
  const store = phone.disk.open()
  const own = (await store.list('conversations')).find(({ kind }) => kind === 'self')
  if (own === undefined) throw new Error('A linked device is in the own conversation.')
  await store.commit([{ put: 'conversations', row: { ...own, phase: 'ended' } }])
  await store.close()
  const back = await world.person('', { disk: phone.disk })
  expect(back.client.snapshot.get().self).toMatchObject({ retired: true, revoked: true })
  await expect(back.client.do('invite', {})).rejects.toMatchObject({ code: 'device-retired' })
})
