import type { DeviceId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { deviceRows } from './device-rows.ts'

const device = (byte: string) => byte.repeat(32) as DeviceId

test('this device comes first, the others by age, each with a name that tells it apart', () => {
  const { there: rows } = deviceRows([
    { device: device('aa'), current: false, addedAt: 3_000 },
    { device: device('bb'), current: true, addedAt: 2_000 },
    { device: device('cc'), current: false, addedAt: 1_000 },
  ])
  expect(rows.map(({ name }) => name)).toEqual(['This device, bbbbbbbb', 'Device cccccccc', 'Device aaaaaaaa'])
  expect(rows.map(({ current }) => current)).toEqual([true, false, false])
  // Only what is younger than this device.
  expect(rows.map(({ revocable }) => revocable)).toEqual([false, false, true])
})

test('a device of which no certificate is known has no date, rather than one in 1970', () => {
  const { there } = deviceRows([{ device: device('aa'), current: false, addedAt: 0 }])
  expect(there[0]?.since).toBeUndefined()
})

test('devices that are out stand by themselves, the oldest first, and nobody revokes them once more', () => {
  const { there, out } = deviceRows([
    { device: device('bb'), current: true, addedAt: 1_000 },
    { device: device('dd'), current: false, addedAt: 3_000, retired: true },
    { device: device('cc'), current: false, addedAt: 2_000, retired: true },
  ])
  expect(there.map(({ name }) => name)).toEqual(['This device, bbbbbbbb'])
  expect(out.map(({ name, revocable }) => [name, revocable])).toEqual([
    ['Device cccccccc', false],
    ['Device dddddddd', false],
  ])
})

test('a device that was revoked is among those that are out, and revokes none of the others', () => {
  const { there, out } = deviceRows([
    { device: device('aa'), current: false, addedAt: 5_000 },
    { device: device('bb'), current: true, addedAt: 1_000, retired: true },
  ])
  expect(there.map(({ name, revocable }) => [name, revocable])).toEqual([['Device aaaaaaaa', false]])
  expect(out.map(({ name }) => name)).toEqual(['This device, bbbbbbbb'])
})
