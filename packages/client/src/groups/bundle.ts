import {
  encodeSignedRecord,
  encodeWelcomeBundle,
  MAX_BUNDLE_THINGS,
  MAX_PACKED_THINGS,
  MAX_WELCOME_BUNDLE_BYTES,
  packThings,
} from '@sotto/wire'
import { addressToBytes } from '@sotto/identity'
import type { Conversation } from '../conversation/conversation.ts'
import type { Control } from './control.ts'

// What the encoding adds to each thing, and to all the rest.
const [OVERHEAD, SPARE] = [8, 4_096]

/**
 * Everything that a newcomer needs: the Welcome, the whole control log without attachments, where the events stand, the relays. Undefined when that
 * is more than fits: nobody can come in any more.
 */
export function bundleOf(
  conversation: Conversation,
  control: Control,
  { welcome, heads }: { welcome: Uint8Array; heads: Uint8Array },
): Uint8Array | undefined {
  if (control.placed.length > MAX_PACKED_THINGS) return undefined
  const things = packThings(control.placed.map(({ record }) => encodeSignedRecord(record)))
  const bytes = things.reduce((sum, thing) => sum + thing.length + OVERHEAD, welcome.length + heads.length + SPARE)
  if (things.length > MAX_BUNDLE_THINGS || bytes > MAX_WELCOME_BUNDLE_BYTES) return undefined
  return encodeWelcomeBundle({
    welcome,
    things,
    heads,
    relays: conversation.relays.map((address) => addressToBytes(address)),
  })
}
