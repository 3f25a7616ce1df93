import { sha256 } from '@noble/hashes/sha2.js'
import { commit, roster, type Change as Wanted, type Committed, type Leaf } from '@sotto/group'
import type { DeviceId } from '@sotto/interface'
import { decodeControlAttachment, toHex } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import type { Control } from './control.ts'
import { sameDevices } from './same-devices.ts'

interface LeafChange {
  readonly added: readonly Leaf[]
  readonly removed: readonly Leaf[]
}

/** The MLS commit of a change, not yet taken over. */
export interface Trial {
  readonly committed: Committed
  /** Of those who come in, the ones whose key packages work: the others are in the tree by the rules, and hold nothing. */
  readonly brought: readonly Leaf[]
}

/**
 * Tries to commit a change to the tip. Who cannot be brought in is left out, so that nobody's key package keeps everybody else from anything. It is not asked
 * how old one is: our clock may be the wrong one. Undefined when it is for others to commit, who were given what this device was not.
 */
export async function tried(conversation: Conversation, { added, removed }: LeafChange): Promise<Trial | undefined> {
  const { control, tip } = conversation
  if (control === undefined || added.some((leaf) => isKeptFromUs(control, leaf))) return undefined
  // Who was left out is in the tree by the rules only.
  const there = removed.filter(({ device }) => roster(tip).some((member) => member.device === device))
  const whole = await made(conversation, control, { added, removed: there })
  if (whole !== undefined) return { committed: whole, brought: added }
  let trial: Trial | undefined
  for (const leaf of added) {
    const brought = [...(trial?.brought ?? []), leaf]
    const committed = await made(conversation, control, { added: brought, removed: there })
    if (committed !== undefined) trial = { committed, brought }
  }
  if (trial !== undefined) return trial
  const committed = await made(conversation, control, { added: [], removed: there })
  return committed === undefined ? undefined : { committed, brought: [] }
}

/** Whether this key package, of that device, is good by now and brings in that device and nobody else. */
export async function brings(conversation: Conversation, keyPackage: Uint8Array, device: DeviceId): Promise<boolean> {
  const { context, tip } = conversation
  const others = roster(tip).filter((member) => member.device !== device)
  // One that is about to go may be asked in again.
  const remove = others.length < roster(tip).length ? [device] : []
  const now = Math.floor(context.clock.now() / 1000)
  const wanted = { add: [keyPackage], remove, verify: context.verify, now }
  const committed = await commit(context.engine, tip, wanted, { opensGeneration: true })
  return committed.ok && sameDevices([...others, { device }], roster(committed.value.child))
}

async function made(
  { context, tip }: Conversation,
  control: Control,
  { added, removed }: LeafChange,
): Promise<Committed | undefined> {
  const add = added.flatMap((leaf) => keyPackageOf(control, leaf) ?? [])
  if (add.length < added.length) return undefined
  const remove = removed.map(({ device }) => device)
  const wanted: Wanted = { update: true, add, remove, verify: context.verify }
  const committed = await commit(context.engine, tip, wanted, { opensGeneration: true })
  if (!committed.ok) {
    context.logger.debug('refused', { reason: committed.reason })
    return undefined
  }
  // Whatever a key package says of itself: who comes in is who should.
  const staying = roster(tip).filter(({ device }) => !remove.includes(device))
  const isAsSaid = sameDevices([...staying, ...added], roster(committed.value.child))
  return isAsSaid ? committed.value : undefined
}

/** Who came in after that yes was given no keys of it: others have them. */
function isKeptFromUs({ kept }: Control, { grant }: Leaf): boolean {
  const thing = kept.get(grant)
  return thing?.attachment.length === 0 && thing.attachmentHash.length > 0
}

/** The key package with which a leaf comes in, from the attachment of the thing that granted it, if it is the one that was agreed to. */
function keyPackageOf(control: Control, { device, grant }: Leaf): Uint8Array | undefined {
  const kept = control.kept.get(grant)
  const attachment = decodeControlAttachment(kept?.attachment ?? new Uint8Array())
  if (kept === undefined || !attachment.ok) return undefined
  const { body } = kept.thing
  const index = body.kind === 'add' ? body.devices.indexOf(device) : 0
  const bytes = attachment.value.keyPackages[index]?.slice()
  const isAgreed =
    body.kind !== 'add' ||
    toHex(sha256(bytes ?? new Uint8Array())) === toHex(kept.keyPackageHashes[index] ?? new Uint8Array())
  return isAgreed ? bytes : undefined
}
