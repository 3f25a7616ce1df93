import type { DeviceId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { deviceRows } from './device-rows.ts'

const device = (byte: string) => byte.repeat(32) as DeviceId

test('this device comes first, the others by age, each with a name that tells it apart', () => {
  const rows = deviceRows([
    { device: device('aa'), current: false, addedAt: 3_000 },
    { device: device('bb'), current: true, addedAt: 2_000 },
    { device: device('cc'), current: false, addedAt: 1_000 },
  ])
  expect(rows.map(({ name }) => name)).toEqual(['This device', 'Device cccccccc', 'Device aaaaaaaa'])
  expect(rows.map(({ current }) => current)).toEqual([true, false, false])
  // Only what is younger than this device.
  expect(rows.map(({ revocable }) => revocable)).toEqual([false, false, true])
})

test('a device of which no certificate is known has no date, rather than one in 1970', () => {
  const [row] = deviceRows([{ device: device('aa'), current: false, addedAt: 0 }])
  expect(row?.since).toBeUndefined()
})
