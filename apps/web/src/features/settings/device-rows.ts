import type { DeviceSnapshot } from '@sotto/client'
import type { DeviceId } from '@sotto/interface'
import { strings } from '../../strings.ts'

export interface DeviceRow {
  readonly device: DeviceId
  readonly name: string
  readonly current: boolean
  /** Only a device that was there before can revoke another. */
  readonly revocable: boolean
  /** Milliseconds since 1970; unknown for a device that others know only by its key. */
  readonly since: number | undefined
}

/** How much of a device's key tells a person's few devices apart; terminals print the whole key. */
const SHOWN = 8

/** The devices as the list shows them: this one first, then the oldest; none that are out. */
export function deviceRows(devices: readonly DeviceSnapshot[]): readonly DeviceRow[] {
  const own = devices.find(({ current }) => current)?.addedAt ?? Infinity
  return devices
    .filter(({ retired }) => retired === undefined)
    .toSorted((a, b) => Number(b.current) - Number(a.current) || a.addedAt - b.addedAt)
    .map(({ device, current, addedAt }) => ({
      device,
      name: current ? strings.devices.current : strings.devices.other(device.slice(0, SHOWN)),
      current,
      revocable: !current && addedAt >= own,
      since: addedAt === 0 ? undefined : addedAt,
    }))
}
