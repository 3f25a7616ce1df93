import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { runChild } from './fixtures/run-child.ts'
import { temporaryHome } from './fixtures/temporary-home.ts'
import { openNodeStore } from './open-node-store.ts'

// Each process starts a Node of its own, several at once.
vi.setConfig({ testTimeout: 60_000 })

test('a home that another process holds is refused, and the sentence names that process', async () => {
  const directory = await temporaryHome()
  const holder = runChild('hold-home.ts', directory)
  expect(await holder.line()).toBe('held')
  await expect(openNodeStore({ directory })).rejects.toMatchObject({
    code: 'store-locked',
    message: `Sotto is already running with this home (process ${holder.process.pid}). Stop it first, or use another --home.`,
  })
  await rm(join(directory, 'store.pid'))
  await expect(openNodeStore({ directory })).rejects.toMatchObject({
    message: 'Sotto is already running with this home. Stop it first, or use another --home.',
  })
  await holder.kill()
})

test('a killed holder leaves the home free at once', async () => {
  const directory = await temporaryHome()
  for (let round = 0; round < 3; round += 1) {
    const holder = runChild('hold-home.ts', directory)
    expect(await holder.line()).toBe('held')
    await holder.kill()
    const store = await openNodeStore({ directory })
    await store.close()
  }
})

test('a refused second opening in the same process does not set the home free', async () => {
  const directory = await temporaryHome()
  const store = await openNodeStore({ directory })
  await expect(openNodeStore({ directory })).rejects.toMatchObject({ code: 'store-locked' })
  const other = runChild('hold-home.ts', directory)
  expect(await other.line()).toMatch(new RegExp(`^store-locked: .*\\(process ${process.pid}\\)`))
  await store.close()
})

test('of many starters at the same moment exactly one gets an empty home', async () => {
  for (let round = 0; round < 2; round += 1) {
    const directory = await temporaryHome()
    const starters = Array.from({ length: 5 }, () => runChild('hold-home.ts', directory))
    const answers = await Promise.all(starters.map((starter) => starter.line()))
    expect(answers.filter((answer) => answer === 'held')).toHaveLength(1)
    expect(answers.filter((answer) => answer?.startsWith('store-locked: '))).toHaveLength(4)
    await Promise.all(starters.map((starter) => starter.kill()))
  }
})
