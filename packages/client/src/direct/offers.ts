import { openEnvelope, roster, sealEnvelope, splitInner, roomIn } from '@sotto/group'
import { addressToBytes, bytesToAddress } from '@sotto/identity'
import type { Address, DeviceId } from '@sotto/interface'
import { decodeInner, decodePathOffer, encodePathOffer, fromHex, toHex } from '@sotto/wire'
import { fromString, toString } from 'uint8arrays'
import type { Conversation } from '../conversation/conversation.ts'
import { signerOf, signRecord } from '../conversation/records.ts'
import type { ConversationMailbox } from '../mail/mailboxes.ts'

const SIGNAL_BYTES = 2_048
const OFFER_SECONDS = 600
const MAX_ADDRESSES = 8

/** Where a device of this conversation can be reached now, as it has signed. */
export interface Offer {
  readonly device: DeviceId
  readonly peer: string
  readonly addresses: readonly Address[]
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly isAnswer: boolean
}

/** Our own offer as a signal for one mailbox (2,048 bytes). Addresses that do not fit are left out. */
export async function sealOffer(
  conversation: Conversation,
  mailbox: ConversationMailbox,
  about: { peer: string; addresses: readonly Address[]; isAnswer: boolean },
): Promise<Uint8Array | undefined> {
  const { crypto, clock, profile } = conversation.context
  const path = `relay:${mailbox.relay}` as const
  for (let count = Math.min(MAX_ADDRESSES, about.addresses.length); count >= 0; count -= 1) {
    const body = encodePathOffer({
      conversation: fromHex(conversation.id),
      peerId: fromString(about.peer, 'base58btc'),
      addresses: about.addresses.slice(0, count).map((address) => addressToBytes(address)),
      expiresAt: Math.floor(clock.now() / 1000) + OFFER_SECONDS,
      answer: about.isAnswer,
    })
    const inner = await signRecord(crypto, profile(), 'offer', body)
    if (inner.length > roomIn(SIGNAL_BYTES)) continue
    const fragments = splitInner(inner, SIGNAL_BYTES)
    const [fragment] = fragments.ok ? fragments.value : []
    if (fragment !== undefined) {
      return sealEnvelope({ keys: mailbox.generation.keys, path, size: SIGNAL_BYTES, ...fragment })
    }
  }
  return undefined
}

/** The offer in a signal, if it is one of another device of this conversation and still good. */
export async function openOffer(
  conversation: Conversation,
  mailbox: ConversationMailbox,
  record: Uint8Array,
): Promise<Offer | undefined> {
  const { crypto, clock, profile } = conversation.context
  const opened = openEnvelope({ keys: mailbox.generation.keys, path: `relay:${mailbox.relay}`, envelope: record })
  if (!opened.ok || opened.value.count !== 1) return undefined
  const inner = decodeInner(opened.value.bytes)
  if (!inner.ok || inner.value.item.case !== 'offer') return undefined
  const device = await signerOf(crypto, 'offer', inner.value.item.value)
  if (device === undefined || device === profile().device) return undefined
  if (!roster(conversation.tip).some((member) => member.device === device)) return undefined
  const offer = decodePathOffer(inner.value.item.value.body)
  if (!offer.ok || toHex(offer.value.conversation) !== conversation.id) return undefined
  const seconds = offer.value.expiresAt - Math.floor(clock.now() / 1000)
  if (seconds <= 0 || seconds > 2 * OFFER_SECONDS) return undefined
  const addresses = offer.value.addresses.flatMap((bytes) => {
    const address = bytesToAddress(bytes)
    return address.ok ? [address.value] : []
  })
  return {
    device,
    peer: toString(offer.value.peerId, 'base58btc'),
    addresses,
    expiresAt: offer.value.expiresAt * 1000,
    isAnswer: offer.value.answer,
  }
}
