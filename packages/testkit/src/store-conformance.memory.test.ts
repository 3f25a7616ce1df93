import { memoryDisk } from '@sotto/store/memory'
import { expect, test } from 'vitest'
import { storeConformance } from './store-conformance.ts'

const makeMemory = async () => {
  const disk = memoryDisk()
  return { open: async () => disk.open() }
}

for (const check of storeConformance('memory', makeMemory)) test(check.name, check.run)

test('a crash ends the store and takes nothing that was committed', async () => {
  const disk = memoryDisk()
  const store = disk.open()
  await store.commit([{ put: 'meta', row: { key: 'a', value: Uint8Array.of(1) } }])
  disk.crash()
  await expect(store.commit([{ put: 'meta', row: { key: 'b', value: Uint8Array.of(2) } }])).rejects.toMatchObject({
    code: 'store-closed',
  })
  const again = disk.open()
  await store.close()
  expect(await again.list('meta')).toEqual([{ key: 'a', value: Uint8Array.of(1) }])
  expect(() => disk.open()).toThrow('already running')
})

test('a copied disk has the rows of that moment and none that follow', async () => {
  const disk = memoryDisk()
  const store = disk.open()
  await store.commit([{ put: 'meta', row: { key: 'a', value: Uint8Array.of(1) } }])
  const copy = disk.copy().open()
  await store.commit([{ put: 'meta', row: { key: 'a', value: Uint8Array.of(2) } }])
  expect(await copy.list('meta')).toEqual([{ key: 'a', value: Uint8Array.of(1) }])
})

test('a full disk refuses commits, keeps nothing of them, and works again once there is space', async () => {
  const disk = memoryDisk()
  const store = disk.open()
  disk.full = true
  await expect(store.commit([{ put: 'meta', row: { key: 'a', value: new Uint8Array() } }])).rejects.toMatchObject({
    code: 'disk-full',
  })
  expect(await store.list('meta')).toEqual([])
  disk.full = false
  await store.commit([{ put: 'meta', row: { key: 'a', value: new Uint8Array() } }])
  expect(await store.list('meta')).toHaveLength(1)
})
