import type { AccountId, Change, ConversationId } from '@sotto/interface'
import { encodeLogBundle } from '@sotto/wire'
import { fromString } from 'uint8arrays'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { isBehind } from './behind.ts'
import { packed } from './bundle.ts'
import { isBeyondReach, maySpeak, ownGrants } from './come-back.ts'
import type { Kept } from './control.ts'
import { sendParts } from './welcome.ts'

interface AskBackInit {
  readonly context: Context
  conversations(): ReadonlyMap<ConversationId, Conversation>
  pairWith(account: AccountId): Conversation | undefined
}

/** The keys of a group that others still keep have this long to bring an answer. */
const PATIENCE_MS = 86_400_000

/**
 * Where nobody in a group keeps the keys any more that this device knows, its word goes by its 1:1s with whoever is in the group, as far as it knows: the grant
 * of itself, and what of its own things that rests on. Once to each.
 */
export async function askBack({ context, conversations, pairWith }: AskBackInit): Promise<void> {
  for (const group of conversations().values()) {
    const { control, kind } = group
    const grant = kind === 'group' && maySpeak(group) ? pendingGrant(group) : undefined
    if (control === undefined || grant === undefined || !(await isUnheard(group, grant))) continue
    const pairs = control.view.accounts.flatMap(({ account }) => pairWith(account) ?? [])
    for (const pair of pairs) await sendGrant(context, pair, group, grant)
  }
}

/** A place that this device has asked for and does not have. */
function pendingGrant({ control, state }: Conversation): Kept | undefined {
  const newest = control === undefined ? undefined : ownGrants(control, state.self).at(-1)
  const isOurs = ({ device, grant }: { device: string; grant: string }): boolean =>
    device === state.self && grant === newest?.thing.id
  return control?.view.desired.some(isOurs) === true && !control.view.tree.some(isOurs) ? newest : undefined
}

async function isUnheard(group: Conversation, { madeAt }: Kept): Promise<boolean> {
  if (isBeyondReach(group) || group.context.clock.now() - madeAt > PATIENCE_MS) return true
  return isBehind(group)
}

async function sendGrant(context: Context, pair: Conversation, group: Conversation, grant: Kept): Promise<void> {
  const key = `asked back ${group.id} ${pair.id} ${grant.thing.id}`
  if ((await context.store.get('meta', [key])) !== undefined) return
  const things = packed([...ownUnheard(group, grant), grant], grant.attachment.length)
  if (things === undefined) return
  const bundle = encodeLogBundle({ things, attachment: grant.attachment })
  const asked: Change = { put: 'meta', row: { key, value: fromString(String(context.clock.now())) } }
  const about = { conversation: group.id, account: context.profile().account, bundle }
  await pair.lane.run(() => sendParts(pair, 'group.recover', about, [asked]))
}

/** Own things before it that not all others are known to have: its chain has no gaps. */
function ownUnheard({ control, state }: Conversation, grant: Kept): readonly Kept[] {
  const others = state.devices.filter(({ live, device }) => live && device !== state.self)
  const heard = Math.min(...others.map(({ acknowledged }) => acknowledged.control ?? 0))
  const isLacking = ({ thing: { device, seq } }: Kept): boolean =>
    device === state.self && seq > (Number.isFinite(heard) ? heard : 0) && seq < grant.thing.seq
  return (control?.placed ?? []).filter(isLacking)
}
