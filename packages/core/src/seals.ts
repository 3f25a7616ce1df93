import { ok, refuse, type DeviceId, type EpochId, type EventId, type Result } from '@sotto/interface'
import {
  bodyHash,
  decodeEventHeader,
  eventIdOf,
  fromHex,
  merkleRoot,
  toHex,
  type EventHeader,
  type Seal,
  type SealedEvent,
} from '@sotto/wire'
import { equals } from 'uint8arrays/equals'

import { merklePaths } from './merkle-paths.ts'
import { encodeProof } from './proof.ts'
import { sealStatement, type SealContext } from './statement.ts'

/** An event as its author signed it, with everything that the event itself can prove. */
export interface CheckedEvent {
  readonly eventId: EventId
  readonly device: DeviceId
  readonly seq: number
  readonly prev: EventId | ''
  readonly deps: readonly { readonly device: DeviceId; readonly seq: number; readonly eventId: EventId }[]
  /** As its author says. */
  readonly lamport: number
  /** What the caller knows of the epoch that it names: see {@link SealContext}. */
  readonly floor: number | undefined
  readonly kind: string
  /** Milliseconds since 1970 by the author's clock; display only. */
  readonly sentAt: number
  readonly header: Uint8Array
  readonly salt: Uint8Array
  readonly body: Uint8Array
  /** See `proof.ts`. */
  readonly proof: Uint8Array
}

/** A seal whose events fit together and to its sender. `signature` over `statement` is for the caller to verify. */
export interface CheckedSeal {
  readonly statement: Uint8Array
  readonly signature: Uint8Array
  readonly events: readonly CheckedEvent[]
}

export type SealReason =
  | 'bad-header'
  | 'wrong-sender'
  | 'wrong-conversation'
  | 'wrong-body'
  | 'bad-deps'
  | 'not-consecutive'

/** The proofs to store with own events that were sealed together. */
export function sealProofs(epochId: EpochId, eventIds: readonly EventId[], signature: Uint8Array): Uint8Array[] {
  const ids = eventIds.map((id) => fromHex(id))
  const root = merkleRoot(ids)
  return merklePaths(ids).map((path, index) =>
    encodeProof({ epochId, index, count: ids.length, root, signature, path }),
  )
}

/** Total: a decoded seal, checked against where it came from. All or nothing. */
export function checkSeal(context: SealContext, seal: Seal): Result<CheckedSeal, SealReason> {
  const parts: Omit<CheckedEvent, 'proof'>[] = []
  for (const sealed of seal.events) {
    const part = checkEvent(context, sealed)
    if (!part.ok) return part
    const before = parts.at(-1)
    if (before !== undefined && (part.value.seq !== before.seq + 1 || part.value.prev !== before.eventId)) {
      return refuse('not-consecutive')
    }
    parts.push(part.value)
  }
  const eventIds = parts.map(({ eventId }) => eventId)
  if (eventIds.length === 0) return refuse('not-consecutive')
  const proofs = sealProofs(context.epochId, eventIds, seal.signature)
  const events = parts.map((part, at) => ({ ...part, proof: proofs[at] ?? new Uint8Array() }))
  return ok({ statement: sealStatement(context, eventIds), signature: seal.signature, events })
}

/** Total: what an event says, checked against whose and where it must be, without its proof. */
export function checkEvent(
  context: Pick<SealContext, 'conversation' | 'sender' | 'floorOf'>,
  sealed: Pick<SealedEvent, 'header' | 'salt' | 'body'>,
): Result<Omit<CheckedEvent, 'proof'>, SealReason> {
  const decoded = decodeEventHeader(sealed.header)
  if (!decoded.ok) return refuse('bad-header')
  const header = decoded.value
  const device: DeviceId = toHex(header.device)
  if (device !== context.sender) return refuse('wrong-sender')
  if (toHex(header.conversation) !== context.conversation) return refuse('wrong-conversation')
  if (!equals(header.bodyHash, bodyHash(sealed.salt, sealed.body))) return refuse('wrong-body')
  const deps = header.deps.map((dep) => ({
    device: toHex<DeviceId>(dep.device),
    seq: dep.seq,
    eventId: toHex<EventId>(dep.eventId),
  }))
  // A head is one per device, and the author's own is `prev`.
  if (new Set([device, ...deps.map((dep) => dep.device)]).size !== deps.length + 1) return refuse('bad-deps')
  const floor = context.floorOf === undefined ? 0 : context.floorOf(toHex<EpochId>(header.epochId))
  return ok({ device, deps, floor, ...plainFields(header), eventId: eventIdOf(sealed.header), ...copyOf(sealed) })
}

function plainFields(header: EventHeader): Pick<CheckedEvent, 'seq' | 'prev' | 'lamport' | 'kind' | 'sentAt'> {
  const { seq, lamport, kind } = header
  return { seq, prev: toHex<EventId>(header.prev), lamport, kind, sentAt: Number(header.sentAt) }
}

// Decoded bytes are views on the whole plaintext; a row must not keep that alive.
function copyOf(sealed: Pick<SealedEvent, 'header' | 'salt' | 'body'>): Pick<CheckedEvent, 'header' | 'salt' | 'body'> {
  return { header: sealed.header.slice(), salt: sealed.salt.slice(), body: sealed.body.slice() }
}
