import { verifyChain } from '@sotto/identity'
import type { AccountId, Change, DeviceId } from '@sotto/interface'
import { fromString, toString } from 'uint8arrays'
import type { Context } from '../context.ts'

/** What is known of an account whose person has set up a device from the recovery words. */
export interface Restored {
  readonly device: DeviceId
  readonly number: number
  /** Devices that it had before. */
  readonly lost: readonly DeviceId[]
}

export async function restoredOf({ store }: Context, account: AccountId): Promise<Restored | undefined> {
  const row = await store.get('meta', [keyOf(account)])
  return row === undefined ? undefined : (JSON.parse(toString(row.value)) as Restored)
}

export function putRestored(account: AccountId, restored: Restored): Change {
  return { put: 'meta', row: { key: keyOf(account), value: fromString(JSON.stringify(restored)) } }
}

/** Whether a chain leads over a device that was lost: nobody is met by it any more. */
export async function isLost(context: Context, chain: Uint8Array): Promise<boolean> {
  const verified = await verifyChain(context.crypto, chain)
  if (!verified.ok) return false
  const restored = await restoredOf(context, verified.value.account)
  return verified.value.certificates.some(({ device }) => restored?.lost.includes(device) === true)
}

function keyOf(account: AccountId): string {
  return `restored ${account}`
}
