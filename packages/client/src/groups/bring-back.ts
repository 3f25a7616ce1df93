import { sha256 } from '@noble/hashes/sha2.js'
import { generationFrom, generationKeys, generationOf, sealBeside, type EpochState, type Leaf } from '@sotto/group'
import type { Change, DeviceId, GenerationId } from '@sotto/interface'
import {
  decodeControlAttachment,
  decodeWelcomeBundle,
  encodeBackBundle,
  encodeInner,
  encodeWelcomeBundle,
  fromHex,
  MAX_BACK_PART_BYTES,
  toHex,
} from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { outboxRow } from '../conversation/outbox-row.ts'
import type { Control } from './control.ts'

/** Of the leaves that a commit adds, those that wait under keys which are kept here: a device that granted itself names them. */
export function waitingUnderKeys(conversation: Conversation, control: Control, added: readonly Leaf[]): Leaf[] {
  return added.filter(({ device, grant }) => {
    const thing = control.kept.get(grant)?.thing
    const isItself = thing?.body.kind === 'grant' && thing.device === device
    return isItself && generationNamed(conversation, control, grant) !== undefined
  })
}

/**
 * What brings the bundle to devices that come back: put under the generation that each has named, and readable only with the Welcome's keys, since
 * others who know that generation may be out by now. `bundle` is an encoded WelcomeBundle, `child` the epoch that it lets into.
 */
export async function broughtBack(
  conversation: Conversation,
  control: Control,
  { leaves, bundle, child }: { leaves: readonly Leaf[]; bundle: Uint8Array; child: EpochState },
): Promise<Change[]> {
  if (leaves.length === 0) return []
  const sealed = await sealedBundle(conversation, bundle, child)
  return leaves.flatMap(({ device, grant }): Change[] => {
    const generation = generationNamed(conversation, control, grant)
    return generation === undefined ? [] : partsFor(conversation, { device, generation, bytes: sealed })
  })
}

async function sealedBundle({ context }: Conversation, bytes: Uint8Array, child: EpochState): Promise<Uint8Array> {
  const { engine, random } = context
  const bundle = decodeWelcomeBundle(bytes)
  if (!bundle.ok) throw new RangeError('A bundle of our own cannot be read.')
  const { welcome, things, heads, relays } = bundle.value
  const { secret } = await generationOf(engine, child)
  const rest = encodeWelcomeBundle({ welcome: sha256(welcome), things, heads, relays })
  const sealed = sealBeside(generationKeys(generationFrom(secret).secret), random.bytes(24), rest)
  return encodeBackBundle({ welcome, sealed })
}

/** The generation that a device has named in its grant, if it is kept here. */
function generationNamed(
  { generations }: Conversation,
  control: Control,
  grant: Leaf['grant'],
): GenerationId | undefined {
  const attachment = decodeControlAttachment(control.kept.get(grant)?.attachment ?? new Uint8Array())
  const named = attachment.ok ? toHex<GenerationId>(attachment.value.generation) : undefined
  return generations.find(({ id }) => id === named)?.id
}

function partsFor(
  { id, context }: Conversation,
  { device, generation, bytes }: { device: DeviceId; generation: GenerationId; bytes: Uint8Array },
): Change[] {
  const bundleHash = sha256(bytes)
  const parts = Math.ceil(bytes.length / MAX_BACK_PART_BYTES)
  return Array.from({ length: parts }, (_, part): Change => {
    const piece = bytes.slice(part * MAX_BACK_PART_BYTES, (part + 1) * MAX_BACK_PART_BYTES)
    const value = { device: fromHex(device), bundleHash, part, parts, bytes: piece }
    const inner = encodeInner({ item: { case: 'back', value } })
    const about = { conversation: id, kind: 'back', inner, generation, createdAt: context.clock.now() } as const
    return { put: 'outbox', row: outboxRow(about) }
  })
}
