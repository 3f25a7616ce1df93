import { ok, refuse, type ConversationId, type DeviceId, type EpochId, type Result } from '@sotto/interface'
import { decodeEventHeader, toHex, type ServedEvents } from '@sotto/wire'

import { checkProof, decodeProof, type ProofReason } from './proof.ts'
import { checkEvent, type CheckedEvent, type SealReason } from './seals.ts'
import type { SealContext } from './statement.ts'

/** Somebody else's event as whoever has it gives it on. `signature` over `statement` is for the caller to verify. */
export interface ServedEvent {
  readonly event: CheckedEvent
  /** Of the seal: the caller checks that the author was in it. */
  readonly epochId: EpochId
  readonly statement: Uint8Array
  readonly signature: Uint8Array
}

export type ServedReason = SealReason | ProofReason

/**
 * Total: events of one device, as they were given by another, each with a proof that leads to what its author signed. All or nothing. The bytes that
 * came are checked and kept, never another form of them.
 */
export function checkServed(
  conversation: ConversationId,
  served: ServedEvents,
  floorOf?: SealContext['floorOf'],
): Result<readonly ServedEvent[], ServedReason> {
  const [first] = served.events
  const header = first === undefined ? undefined : decodeEventHeader(first.header)
  if (header?.ok !== true) return refuse('bad-header')
  const sender: DeviceId = toHex(header.value.device)
  const checked: ServedEvent[] = []
  for (const { proof: bytes, ...parts } of served.events) {
    const event = checkEvent({ conversation, sender, ...(floorOf === undefined ? {} : { floorOf }) }, parts)
    if (!event.ok) return event
    const proof = bytes.slice()
    const [decoded, proven] = [decodeProof(proof), checkProof(event.value.header, proof)]
    if (!proven.ok) return proven
    if (!decoded.ok) return decoded
    const { statement, signature } = proven.value
    checked.push({ event: { ...event.value, proof }, epochId: decoded.value.epochId, statement, signature })
  }
  return ok(checked)
}
