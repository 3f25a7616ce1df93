import type { AccountId, ConversationId, DeviceId, EpochId, InnerId, RelayId } from '@sotto/interface'
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '@sotto/wire'
import { fromString } from 'uint8arrays/from-string'

function named<T extends string>(text: string): T {
  return toHex<T>(sha256(fromString(text)))
}

export const CONVERSATION: ConversationId = named('conversation')
export const EPOCH: EpochId = named('epoch')
export const deviceOf = (name: string): DeviceId => named(`device ${name}`)
export const accountOf = (name: string): AccountId => named(`account ${name}`)
export const innerOf = (name: string): InnerId => named(`inner ${name}`)
export const relayOf = (name: string): RelayId => `relay-${name}` as RelayId
export const SIGNATURE: Uint8Array = new Uint8Array(64)
