import type { AccountId, Change, DeviceId } from '@sotto/interface'
import { decodeControlAttachment, encodeLogBundle, encodeSignedRecord, toHex } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { outboxRow } from '../conversation/outbox-row.ts'
import { isBehind } from './behind.ts'
import type { Control, Kept } from './control.ts'
import { innerOf } from './say.ts'
import { serverFor } from './serve.ts'
import { sendParts } from './welcome.ts'

/** By which decision that device is out, if it is by one. */
export function decisionOn(control: Control, account: AccountId, device: DeviceId): Kept | undefined {
  const said = control.view.effective.findLast((thing) => isAbout(control, thing, account, device))
  return said === undefined ? undefined : control.kept.get(said.id)
}

/**
 * A device that was away asks to be let in, and is out by a decision that it cannot have read: it is given that one thing, under the keys that it has named. Others
 * who know those learn nothing else. The first by seniority does. Runs in the lane.
 */
export async function tellOut(conversation: Conversation, asking: Kept): Promise<void> {
  const { id, control, context, state, generations } = conversation
  const { device, body } = asking.thing
  const account = control?.accountOf(device)
  if (control === undefined || account === undefined || body.kind !== 'grant' || body.device !== device) return
  const isIn = control.view.desired.some((leaf) => leaf.device === device)
  const word = isIn || serverFor(conversation, device) !== state.self ? undefined : decisionOn(control, account, device)
  const attachment = decodeControlAttachment(asking.attachment)
  const named = attachment.ok ? toHex(attachment.value.generation) : undefined
  const generation = generations.find((kept) => kept.id === named)?.id
  // Who names the newest keys reads all that goes under them.
  if (word === undefined || generation === undefined || generation === conversation.generation.id) return
  const inner = innerOf(word)
  const row = outboxRow({ conversation: id, kind: 'control', inner, generation, createdAt: context.clock.now() })
  // Where it still waits for others, whoever asks once more is told.
  if ((await context.store.get('outbox', [id, row.innerId])) !== undefined) return
  await context.store.commit([{ put: 'outbox', row }])
  conversation.outlet.wake(conversation)
}

/** The same in a 1:1 with it, where it has asked. */
export async function tellOutIn(
  pair: Conversation,
  { id, control }: Conversation,
  from: DeviceId,
  done: readonly Change[],
): Promise<void> {
  const word = control === undefined ? undefined : decisionOn(control, pair.peer, from)
  if (word === undefined) return pair.context.store.commit(done)
  const bundle = encodeLogBundle({ things: [encodeSignedRecord(word.record)], attachment: new Uint8Array() })
  await pair.lane.run(() => sendParts(pair, 'group.log', { conversation: id, account: pair.peer, bundle }, done))
}

/** Whether a decision about this device has come whose reasons have not: by somebody who has a right to it as far as this device knows. */
export function hasWord({ control, context }: Conversation): boolean {
  if (control === undefined) return false
  const { account, device } = context.profile()
  const words = [...control.kept.values()].filter(({ thing }) => isAbout(control, thing, account, device))
  if (words.length === 0) return false
  const placed = new Set(control.placed.map(({ thing }) => thing.id))
  return words.some(({ thing }) => {
    if (placed.has(thing.id)) return false
    const role = control.roleOf(control.accountOf(thing.device) ?? account)
    return thing.body.kind !== 'remove' || (role !== undefined && role !== 'member')
  })
}

/** Whether such a word is all that this device has to go by: whoever follows sees by itself what holds. */
export async function isToldOut(conversation: Conversation): Promise<boolean> {
  const { phase } = conversation.row
  if ((phase !== 'away' && phase !== 'active') || !hasWord(conversation)) return false
  return phase === 'away' || isBehind(conversation)
}

/** Whether a thing says that that account is to go, or that device. */
function isAbout(
  control: Control,
  { device: author, body }: Pick<Kept['thing'], 'device' | 'body'>,
  account: AccountId,
  device: DeviceId,
): boolean {
  if (body.kind === 'remove') return body.account === account
  if (control.accountOf(author) !== account) return false
  return body.kind === 'leave' || (body.kind === 'revoke' && body.device === device)
}
