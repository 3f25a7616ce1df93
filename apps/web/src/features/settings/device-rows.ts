import type { DeviceSnapshot } from '@sotto/client'
import type { DeviceId } from '@sotto/interface'
import { deviceStrings } from './device-strings.ts'

export interface DeviceRow {
  readonly device: DeviceId
  readonly name: string
  readonly current: boolean
  /** Only a device that was there before can revoke another. */
  readonly revocable: boolean
  /** Milliseconds since 1970; unknown for a device that others know only by its key. */
  readonly since: number | undefined
}

/** The devices of an account as the settings list them: those that are in, and those that are out for good. */
export interface DeviceRows {
  readonly there: readonly DeviceRow[]
  readonly out: readonly DeviceRow[]
}

/** How much of a device's key tells a person's few devices apart; terminals print the whole key. */
const SHOWN = 8

/** This device first, then the oldest. */
export function deviceRows(devices: readonly DeviceSnapshot[]): DeviceRows {
  const self = devices.find(({ current }) => current)
  const rowsOf = (isOut: boolean): readonly DeviceRow[] =>
    devices
      .filter(({ retired = false }) => retired === isOut)
      .toSorted((a, b) => Number(b.current) - Number(a.current) || a.addedAt - b.addedAt)
      .map(({ device, current, addedAt }) => ({
        device,
        name: (current ? deviceStrings.current : deviceStrings.other)(device.slice(0, SHOWN)),
        current,
        revocable: !isOut && !current && self?.retired !== true && addedAt >= (self?.addedAt ?? Infinity),
        since: addedAt === 0 ? undefined : addedAt,
      }))
  return { there: rowsOf(false), out: rowsOf(true) }
}
