import { verifyRecovery } from '@sotto/identity'
import { roster, wouldBe } from '@sotto/group'
import type { AccountId, Change, ConversationId, DeviceId, Rows } from '@sotto/interface'
import { decodeRecoveryStatement, encodeLogBundle } from '@sotto/wire'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { ownConversation } from '../devices/own-conversation.ts'
import { packed } from '../groups/bundle.ts'
import { say } from '../groups/say.ts'
import { sendParts } from '../groups/welcome.ts'
import { putRestored, restoredOf } from './lost.ts'
import { move } from '../conversation/move.ts'

interface RestoreInit {
  readonly context: Context
  conversations(): ReadonlyMap<ConversationId, Conversation>
}

/**
 * Somebody who is met (again) says that this device took the place of all others of the account. If the account key says so too, older 1:1s end,
 * and the device gets the control log of every group that both are in. `done` notes that it was done; doing it twice changes nothing.
 */
export async function takeRestored(
  init: RestoreInit,
  pair: Conversation,
  event: Rows['events'],
  done: Change,
): Promise<void> {
  const { context, conversations } = init
  const statement = { account: event.account, device: event.device, body: event.body }
  if (!(await noteRestored(init, statement))) return context.store.commit([done])
  await tellOwn(init, event.body)
  for (const group of conversations().values()) await sendLog(pair, group, statement)
  await context.store.commit([done])
}

/** Ends what belonged to devices that are lost, if the statement holds and none later is known. True when it is the latest. */
export async function noteRestored(
  { context, conversations }: RestoreInit,
  { account, device, body }: { account: AccountId; device: DeviceId; body: Uint8Array },
): Promise<boolean> {
  const decoded = decodeRecoveryStatement(body)
  if (!decoded.ok) return false
  const held = await verifyRecovery(context.crypto, decoded.value, { account, device })
  const known = await restoredOf(context, account)
  if (!held.ok || (known !== undefined && known.device !== device && known.number >= held.value.number)) return false
  const before = [...conversations().values()].filter((entry) => isOlder(entry, account, device))
  // Those that have ended count too: another device of ours may have been first.
  const members = before.flatMap((entry) => devicesOf(entry, account))
  const others = [...(known?.lost ?? []), ...(known === undefined ? [] : [known.device]), ...members]
  const lost = new Set(others.filter((other) => other !== device))
  const older = before.filter(({ isOver }) => !isOver)
  await context.store.commit([putRestored(account, { device, number: held.value.number, lost: [...lost] })])
  for (const entry of older) await end(entry)
  if (older.length > 0) {
    const name = (await context.store.get('contacts', [account]))?.name ?? ''
    const text = `${name} restored their account on a new device. The older devices are out, and the old conversation has ended.`
    context.emit({ type: 'notice', name: 'contact-restored', text })
  }
  return true
}

/** A 1:1 with that account in which the restored device is not. */
function isOlder(entry: Conversation, account: AccountId, device: DeviceId): boolean {
  if (entry.kind !== 'pair' || entry.peer !== account) return false
  return !devicesOf(entry, account).includes(device)
}

function devicesOf({ tip, control }: Conversation, account: AccountId): DeviceId[] {
  const there = roster(tip).filter((member) => member.account === account)
  const known = control?.view.desired.filter((leaf) => control.accountOf(leaf.device) === account) ?? []
  return [...new Set([...there, ...known].map(({ device }) => device))]
}

/** Nothing is said in it or taken from it any more; our other devices and the lost ones see why. */
function end(entry: Conversation): Promise<void> {
  return entry.lane.run(async () => {
    if (entry.isOver) return
    const mayLeave =
      entry.control !== undefined && wouldBe(entry.control.log, { kind: 'leave' }, entry.context.profile())
    if (mayLeave) await say(entry, { case: 'leave', value: {} }, { happening: 'leave' })
    else await move(entry, 'over')
  })
}

/** Our other devices know no older 1:1 with it either. */
async function tellOwn({ conversations }: RestoreInit, body: Uint8Array): Promise<void> {
  const own = ownConversation(conversations().values())
  if (own === undefined || own.peerDevices.length === 0) return
  await own.lane.run(() => own.compose('self.restored', body))
}

/** The whole control log of a group that both are in, once, for the device to say `recover` on top of it. */
async function sendLog(
  pair: Conversation,
  { id, kind, row, control, context }: Conversation,
  { account, device }: { account: AccountId; device: DeviceId },
): Promise<void> {
  if (kind !== 'group' || row.phase !== 'active' || control === undefined) return
  if (control.roleOf(account) === undefined || control.view.desired.some((leaf) => leaf.device === device)) return
  const key = `log sent ${id} ${device}`
  if ((await context.store.get('meta', [key])) !== undefined) return
  const things = packed(control.placed)
  if (things === undefined) return
  const bundle = encodeLogBundle({ things })
  const sent = { put: 'meta', row: { key, value: new Uint8Array([1]) } } as const
  await pair.lane.run(() => sendParts(pair, 'group.log', { conversation: id, account, bundle }, [sent]))
}
