import { sha256 } from '@noble/hashes/sha2.js'
import { basisFor, type Basis, type ControlLog } from '@sotto/group'
import type { Change, ConversationId, DeviceId, EpochId } from '@sotto/interface'
import {
  CONTROL,
  encodeControlThing,
  encodeInner,
  fromHex,
  signedBytes,
  type ControlThing,
  type Init,
  type SignedRecord,
} from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { outboxRow, putOutbox } from '../conversation/outbox-row.ts'
import { ClientError } from '../errors.ts'
import { checkThing } from './checked-thing.ts'
import { controlRow, type Control, type Kept } from './control.ts'
import type { Happening } from '../conversation/phase.ts'

/** What an own thing says: one case of ControlThing's `said`. */
export type Saying = NonNullable<Init<ControlThing>['said']>

/** An own thing, ready to be stored and sent in one transaction. Nothing has changed yet. */
export interface Said {
  readonly control: Control
  readonly kept: Kept
  readonly changes: readonly Change[]
}

/** Signs the next thing of this device's chain, on top of everything that is here. It is for the caller to store it. Runs in the lane. */
export async function prepareThing(
  conversation: Conversation,
  control: Control,
  said: Saying,
  attachment: Uint8Array = new Uint8Array(),
): Promise<Said> {
  const { context, id } = conversation
  const basis = control.log.size === 0 ? first(conversation.tip.epochId) : undefined
  const kept = await signThing(context, { conversation: id, log: control.log, said, attachment, basis })
  const now = context.clock.now()
  const { seq } = kept.thing
  const inner = innerOf(kept)
  const kind = kept.thing.body.kind === 'commit' ? 'commit' : 'control'
  const generation = conversation.generation.id
  const about = { conversation: conversation.id, kind, inner, generation, createdAt: now } as const
  const row = outboxRow({ ...about, firstSeq: seq, lastSeq: seq })
  return {
    control: control.with([kept]),
    kept,
    changes: [{ put: 'control', row: controlRow(conversation.id, kept, now) }, ...putOutbox(row)],
  }
}

/** A thing of this device's chain on top of a log, signed and checked. Kept nowhere yet. */
export async function signThing(
  { crypto, clock, profile }: Conversation['context'],
  about: {
    readonly conversation: ConversationId
    readonly log: ControlLog
    readonly said: Saying
    readonly attachment: Uint8Array
    /** Of the first thing of a log, what it stands on. */
    readonly basis?: Basis | undefined
  },
): Promise<Kept> {
  const { device, deviceSeed } = profile()
  const { conversation, said, attachment } = about
  const { seq, prev, deps, lamport, epoch } = about.basis ?? basisFor(about.log, device)
  const body = encodeControlThing({
    conversation: fromHex(conversation),
    device: fromHex(device),
    cseq: seq,
    prev: prev === undefined ? new Uint8Array() : fromHex(prev),
    deps: deps.map((dep) => fromHex(dep)),
    lamport,
    epochId: fromHex(epoch),
    madeAt: BigInt(Math.max(0, Math.floor(clock.now()))),
    attachmentHash: attachment.length === 0 ? attachment : sha256(attachment),
    said,
  })
  const record = await signControl(crypto, { device, deviceSeed }, body)
  const checked = await checkThing(crypto, conversation, record)
  if (!checked.ok) throw new ClientError('group-refused', `This cannot be done in the group (${checked.reason}).`)
  return { ...checked.value, attachment }
}

/** Says a thing, stores it and sends it. What follows from it is for the caller. Runs in the lane. */
export async function say(
  conversation: Conversation,
  said: Saying,
  about: { attachment?: Uint8Array; changes?: readonly Change[]; happening?: Happening } = {},
): Promise<void> {
  const { control, context } = conversation
  if (control === undefined) throw new ClientError('not-a-group', 'This conversation is no group.')
  const prepared = await prepareThing(conversation, control, said, about.attachment)
  // Head records count it: whoever goes on from an old copy of this store is found out before its chain is forked.
  await conversation.step(
    { type: 'committed', now: context.clock.now() },
    {
      changes: [...prepared.changes, ...(about.changes ?? [])],
      ...(about.happening === undefined ? {} : { happening: about.happening }),
      committed: () => conversation.setControl(prepared.control),
    },
  )
  conversation.outlet.wake(conversation)
}

/** What the first thing of a group stands on: nothing. */
function first(epoch: EpochId): Basis {
  return { seq: 1, deps: [], lamport: 1, epoch }
}

/** A thing as it travels. */
export function innerOf({ record, attachment }: Kept): Uint8Array {
  return encodeInner({ item: { case: 'control', value: { record, attachment } } })
}

async function signControl(
  crypto: Conversation['context']['crypto'],
  { device, deviceSeed }: { device: DeviceId; deviceSeed: Uint8Array },
  body: Uint8Array,
): Promise<SignedRecord> {
  const signature = await crypto.ed25519.sign(deviceSeed, signedBytes(CONTROL, body))
  return { body, device: fromHex(device), signature } as SignedRecord
}
