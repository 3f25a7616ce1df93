import type { Crypto, DeviceId } from '@sotto/interface'
import type { Inner, Label, SignedRecord } from '@sotto/wire'
import { encodeInner, FETCH, fromHex, HEAD, OFFER, RECEIPT, signedBytes, toHex } from '@sotto/wire'

/** The signed records of a conversation. */
export type RecordKind = 'receipt' | 'head' | 'offer' | 'fetch'

const LABELS: Readonly<Record<RecordKind, Label>> = { receipt: RECEIPT, head: HEAD, offer: OFFER, fetch: FETCH }

/** The encoded Inner of a record (encoded Receipt, HeadRecord, PathOffer or Fetch), signed by this device. */
export async function signRecord(
  crypto: Crypto,
  self: { device: DeviceId; deviceSeed: Uint8Array },
  kind: RecordKind,
  body: Uint8Array,
): Promise<Uint8Array> {
  const signature = await crypto.ed25519.sign(self.deviceSeed, signedBytes(LABELS[kind], body))
  return encodeInner({ item: { case: kind, value: { body, device: fromHex(self.device), signature } } })
}

/** Whose record it is, when its signature is that device's; the caller decides whether that device may say it. */
export async function signerOf(crypto: Crypto, kind: RecordKind, record: SignedRecord): Promise<DeviceId | undefined> {
  const valid = await crypto.ed25519.verify(record.device, signedBytes(LABELS[kind], record.body), record.signature)
  return valid ? toHex<DeviceId>(record.device) : undefined
}

/** The kind of a signed record, if the item is one. */
export function recordKind(inner: Inner): RecordKind | undefined {
  const name = inner.item.case
  return name !== undefined && name in LABELS ? (name as RecordKind) : undefined
}
