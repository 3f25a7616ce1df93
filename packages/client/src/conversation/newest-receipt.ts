import type { ConversationId, DeviceId, Store } from '@sotto/interface'
import { decodeReceipt, decodeSignedRecord, type Receipt } from '@sotto/wire'

/** What a device said in its newest receipt that came here; undefined when it has said nothing. */
export async function newestReceipt(
  store: Store,
  conversation: ConversationId,
  device: DeviceId,
): Promise<Receipt | undefined> {
  const row = await store.get('receipts', [conversation, device])
  const record = row === undefined ? undefined : decodeSignedRecord(row.bytes)
  const receipt = record?.ok === true ? decodeReceipt(record.value.body) : undefined
  return receipt?.ok === true ? receipt.value : undefined
}
