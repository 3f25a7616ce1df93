import { memoryDisk } from '@sotto/store/memory'
import { expect, test } from 'vitest'
import { countedStore } from './counted-store.ts'
import { hastyStore } from './hasty-store.ts'
import { MortalProcess, nameOf } from './mortal-process.ts'

const row = (key: string) => ({ put: 'meta', row: { key, value: Uint8Array.of(1) } }) as const

test('a store is dead at the call that was asked for, before it took effect or after', async () => {
  for (const when of ['before', 'after'] as const) {
    const disk = memoryDisk()
    const process = new MortalProcess()
    process.onDeath(() => disk.crash())
    const store = countedStore(process, disk.open())
    await store.commit([row('not counted')])
    process.arm({ call: 'store.commit', nth: 2, when })
    await store.commit([row('first')])
    const answered = await Promise.race([store.commit([row('second')]).then(() => true), process.death])
    expect([answered, process.isDead]).toEqual([undefined, true])
    void store.commit([row('third')])
    const kept = (await disk.open().list('meta')).map(({ key }) => key)
    expect(kept).toEqual(['first', 'not counted', ...(when === 'after' ? ['second'] : [])])
  }
})

test('each call is two points, and a call that fails fails as it would', async () => {
  const disk = memoryDisk()
  const process = new MortalProcess()
  const store = countedStore(process, disk.open())
  process.arm()
  disk.full = true
  await expect(store.commit([row('a')])).rejects.toMatchObject({ code: 'disk-full' })
  await store.get('meta', ['a'])
  expect(process.points.map(nameOf)).toEqual([
    'before store.commit 1',
    'after store.commit 1',
    'before store.get 1',
    'after store.get 1',
  ])
})

test('a hasty store shows what it has promised, and a crash forgets the last of it', async () => {
  const disk = memoryDisk()
  const store = hastyStore(disk)
  for (const name of ['a', 'b', 'c', 'd', 'e']) await store.commit([row(name)])
  expect((await store.list('meta')).map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd', 'e'])
  disk.crash()
  expect((await disk.open().list('meta')).map(({ key }) => key)).toEqual(['a', 'b'])
})
