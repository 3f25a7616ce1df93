import { sealProofs, sealStatement } from '@sotto/core'
import { nobleCrypto, sealTo } from '@sotto/group'
import type { ConversationId, DeviceId, EpochId, EventId, Rows } from '@sotto/interface'
import {
  bodyHash,
  encodeEventHeader,
  encodeInner,
  encodeServedEvents,
  encodeTextBody,
  eventIdOf,
  fromHex,
  innerIdOf,
} from '@sotto/wire'
import { answerInfo } from '../src/backfill/ask.ts'
import { receive, type Taken } from '../src/conversation/receive.ts'
import { groupOf } from './scenes.ts'
import type { Person } from './world.ts'

export type Parts = Pick<Rows['events'], 'header' | 'salt' | 'body' | 'proof'>

/** Gives that to somebody who has asked, as a changed client would: nothing of it is looked at before. */
export async function hand(
  to: Person,
  conversation: string,
  events: readonly Parts[],
  device?: DeviceId,
): Promise<Taken> {
  const group = groupOf(to, conversation)
  const keys = await to.store.get('keyPackages', [`ask ${conversation}`])
  if (keys === undefined) throw new Error('nobody asks')
  const asker = device ?? to.client.context.profile().device
  const plaintext = encodeServedEvents({ events: [...events] })
  const sealed = await sealTo(to.client.context.engine, keys.publicBytes, answerInfo(group.id, asker), plaintext)
  if (!sealed.ok) throw new Error(sealed.reason)
  return put(
    to,
    conversation,
    encodeInner({ item: { case: 'served', value: { device: fromHex(asker), ...sealed.value } } }),
  )
}

export function put(to: Person, conversation: string, inner: Uint8Array): Promise<Taken> {
  const group = groupOf(to, conversation)
  return group.lane.run(() => receive(group, innerIdOf(inner), inner, { via: 'mailbox' }))
}

/** What somebody signs after the last event that it has here, for an epoch of its choice. */
export async function signed(
  author: { device: DeviceId; deviceSeed: Uint8Array },
  after: { conversation: ConversationId; seq: number; eventId: EventId; lamport: number },
  epochId: EpochId,
  text: string,
): Promise<Parts> {
  const { conversation, seq, eventId, lamport } = after
  const [salt, body] = [new Uint8Array(32).fill(7), encodeTextBody({ text })]
  const header = encodeEventHeader({
    conversation: fromHex(conversation),
    epochId: fromHex(epochId),
    device: fromHex(author.device),
    seq: seq + 1,
    prev: fromHex(eventId),
    deps: [],
    lamport: lamport + 1,
    kind: 'text',
    bodyHash: bodyHash(salt, body),
    sentAt: 0n,
  })
  const ids = [eventIdOf(header)]
  const statement = sealStatement({ conversation, epochId, sender: author.device }, ids)
  const signature = await nobleCrypto.ed25519.sign(author.deviceSeed, statement)
  const [proof = new Uint8Array()] = sealProofs(epochId, ids, signature)
  return { header, salt, body, proof }
}
