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
import type { Control, Kept } from './control.ts'

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
  const things = packed(control.placed, welcome.length + heads.length)
  if (things === undefined) return undefined
  return encodeWelcomeBundle({
    welcome,
    things,
    heads,
    relays: conversation.relays.map((address) => addressToBytes(address)),
  })
}

/** Things of a log as one bundle carries them, beside so many other bytes. Undefined when they are more than fit. */
export function packed(things: readonly Kept[], beside = 0): Uint8Array[] | undefined {
  const packs = packThings(things.map(({ record }) => encodeSignedRecord(record)))
  const bytes = packs.reduce((sum, pack) => sum + pack.length + OVERHEAD, beside + SPARE)
  return packs.length > MAX_BUNDLE_THINGS || bytes > MAX_WELCOME_BUNDLE_BYTES ? undefined : packs
}
