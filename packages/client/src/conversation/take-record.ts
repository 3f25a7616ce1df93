import { roster } from '@sotto/group'
import type { DeviceId } from '@sotto/interface'
import type { SignedRecord } from '@sotto/wire'
import { decodeFetch, decodeHeadRecord, decodeReceipt, encodeSignedRecord, toHex } from '@sotto/wire'
import { releaseControl } from '../groups/release.ts'
import { serveLacking } from '../groups/serve.ts'
import type { Conversation } from './conversation.ts'
import { forgetEpochs } from './forget.ts'
import { signerOf } from './records.ts'
import type { Arrival, Handled } from './arrival.ts'

/** Applies a receipt, a head record or a request to send again, if its signer is a device of this conversation. */
export async function receiveRecord(
  conversation: Conversation,
  kind: 'receipt' | 'head' | 'fetch',
  record: SignedRecord,
  arrival: Arrival,
): Promise<Handled> {
  const { crypto } = conversation.context
  const device = await signerOf(crypto, kind, record)
  if (device === undefined) return { refused: 'bad-signature' }
  if (!roster(conversation.tip).some((member) => member.device === device)) return { refused: 'not-a-member' }
  if (kind === 'receipt') return takeReceipt(conversation, device, record, arrival)
  return kind === 'head'
    ? takeHead(conversation, device, record, arrival)
    : takeFetch(conversation, device, record, arrival)
}

async function takeReceipt(
  conversation: Conversation,
  device: DeviceId,
  record: SignedRecord,
  { origin, seen }: Arrival,
): Promise<Handled> {
  const receipt = decodeReceipt(record.body)
  if (!receipt.ok) return { refused: receipt.reason }
  if (toHex(receipt.value.conversation) !== conversation.id) return { refused: 'other-conversation' }
  const now = conversation.context.clock.now()
  await conversation.step(
    { type: 'receipt', device, receipt: receipt.value, via: origin.via, now },
    { changes: [seen], receipt: encodeSignedRecord(record) },
  )
  if (conversation.control !== undefined) {
    await releaseControl(conversation)
    await serveLacking(conversation, device, receipt.value)
  }
  await forgetEpochs(conversation, device, receipt.value)
  return { done: true }
}

async function takeHead(
  conversation: Conversation,
  device: DeviceId,
  record: SignedRecord,
  { origin, seen }: Arrival,
): Promise<Handled> {
  const head = decodeHeadRecord(record.body)
  if (!head.ok) return { refused: head.reason }
  if (toHex(head.value.conversation) !== conversation.id) return { refused: 'other-conversation' }
  const { clock, profile } = conversation.context
  const now = clock.now()
  const alongside = { changes: [seen] }
  if (device !== profile().device) {
    const signed = encodeSignedRecord(record)
    await conversation.step({ type: 'peer-head', device, record: head.value, signed, now }, alongside)
    return { done: true }
  }
  if (origin.relay !== undefined && conversation.headCheck.isReading(origin.relay)) {
    conversation.headCheck.found(origin.relay, head.value)
    await conversation.context.store.commit(alongside.changes)
    return { done: true }
  }
  const source = origin.relay === undefined ? origin.device && { device: origin.device } : { relay: origin.relay }
  if (source === undefined) return { refused: 'misplaced' }
  await conversation.step({ type: 'head-record', source, record: head.value, known: [], now }, alongside)
  return { done: true }
}

async function takeFetch(
  conversation: Conversation,
  device: DeviceId,
  record: SignedRecord,
  { seen }: Arrival,
): Promise<Handled> {
  const fetch = decodeFetch(record.body)
  if (!fetch.ok) return { refused: fetch.reason }
  if (toHex(fetch.value.conversation) !== conversation.id) return { refused: 'other-conversation' }
  const now = conversation.context.clock.now()
  await conversation.step({ type: 'fetch', device, fetch: fetch.value, now }, { changes: [seen] })
  return { done: true }
}
