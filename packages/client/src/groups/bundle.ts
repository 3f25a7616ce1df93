import { encodeSignedRecord, encodeWelcomeBundle } from '@sotto/wire'
import { addressToBytes } from '@sotto/identity'
import type { Conversation } from '../conversation/conversation.ts'
import type { Control } from './control.ts'

/** Everything that a newcomer needs: the Welcome, the whole control log without attachments, where the events stand, the relays. */
export function bundleOf(
  conversation: Conversation,
  control: Control,
  { welcome, heads }: { welcome: Uint8Array; heads: Uint8Array },
): Uint8Array {
  return encodeWelcomeBundle({
    welcome,
    things: control.placed.map(({ record }) => encodeSignedRecord(record)),
    heads,
    relays: conversation.relays.map((address) => addressToBytes(address)),
  })
}
