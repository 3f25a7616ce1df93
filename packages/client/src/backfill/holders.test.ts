import type { ConversationId, DeviceId } from '@sotto/interface'
import { memoryStore } from '@sotto/store/memory'
import { encodeReceipt, encodeSignedRecord, fromHex } from '@sotto/wire'
import { expect, test } from 'vitest'
import type { Conversation } from '../conversation/conversation.ts'
import { answerWait } from './holders.ts'

const id = 'c0'.repeat(32) as ConversationId
const nameOf = (at: number): DeviceId => at.toString(16).padStart(4, '0').repeat(16) as DeviceId
const AUTHOR = nameOf(9_999)

/** A conversation of so many devices beside its author's, as one of them sees it; those have said to hold the author's first ten events. */
async function seenBy(
  self: DeviceId,
  devices: readonly DeviceId[],
  holders: readonly DeviceId[],
): Promise<Conversation> {
  const store = memoryStore()
  for (const device of holders) {
    const progress = [{ device: fromHex(AUTHOR), delivered: 10, read: 0 }]
    const body = encodeReceipt({ conversation: fromHex(id), epochId: fromHex(id), counter: 1, progress, own: {} })
    const bytes = encodeSignedRecord({ body, device: fromHex(device), signature: new Uint8Array(64) })
    await store.commit([{ put: 'receipts', row: { conversation: id, device, counter: 1, bytes } }])
  }
  const peerDevices = [...devices, AUTHOR].filter((device) => device !== self)
  // Of a conversation, this is all that is looked at.
  return { id, state: { self }, peerDevices, context: { store } } as unknown as Conversation
}

async function waits(devices: readonly DeviceId[], holders: readonly DeviceId[], asker: DeviceId): Promise<number[]> {
  const asked = { device: asker, author: AUTHOR, firstSeq: 5, lastSeq: 10 }
  const others = holders.filter((device) => device !== asker)
  return Promise.all(others.map(async (self) => answerWait(await seenBy(self, devices, holders), asked)))
}

test('one of those who have it answers at once, another one for each asker, and the others one after the other', async () => {
  const devices = [1, 2, 3, 4, 5, 6].map(nameOf)
  const holders = [2, 4, 6].map(nameOf)
  expect(await waits(devices, holders, nameOf(1))).toEqual([0, 20_000, 40_000])
  expect(await waits(devices, holders, nameOf(3))).toEqual([40_000, 0, 20_000])
  expect(await waits(devices, holders, nameOf(5))).toEqual([20_000, 40_000, 0])
})

test('whoever has it is not kept waiting by those who have said nothing', async () => {
  const devices = [1, 2, 3].map(nameOf)
  expect(await waits(devices, [nameOf(3)], nameOf(1))).toEqual([0])
})

test('in a large group all wait for different times, a few minutes at most', async () => {
  const devices = Array.from({ length: 60 }, (_, at) => nameOf(at))
  const all = await waits(devices, devices.slice(1), nameOf(0))
  expect(new Set(all).size).toBe(all.length)
  expect(Math.max(...all)).toBeLessThan(600_000)
})
