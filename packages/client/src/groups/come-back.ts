import { maySeal } from '@sotto/core'
import { createKeyPackage, wouldBe, type Leaf } from '@sotto/group'
import type { Change, DeviceId } from '@sotto/interface'
import { encodeControlAttachment, fromHex } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import type { Control, Kept } from './control.ts'
import { KEY_PACKAGE_DAYS, keyPackagesOf } from './key-packages.ts'
import { say } from './say.ts'

const DAY_S = 86_400
const DAY_MS = DAY_S * 1000
/** As long as anybody keeps the keys of a generation that is over. */
const KEPT_MS = 90 * DAY_MS
/** So long an answer may take, and twice as long each further time: others have to be there. */
const ANSWER_MS = 2 * DAY_MS
/** Grants of itself that a device says in a conversation within a day: each makes the others commit. */
const MAX_GRANTS_A_DAY = 4

/** Whether this device is out by its silence and not by anybody's decision: its account is in, and it may grant itself anew. */
export function mayComeBack({ control, context }: Conversation): boolean {
  const { account, device } = context.profile()
  return control !== undefined && wouldBe(control.log, { kind: 'grant', device }, { account, device })
}

/** Asks to be let in again, if this device was set aside. True when it did. Runs in the lane. */
export async function comeBackIfDue(conversation: Conversation): Promise<boolean> {
  const { control, context } = conversation
  const { device } = context.profile()
  if (control === undefined || !maySpeak(conversation)) return false
  if (!mayComeBack(conversation)) return false
  const asked = control.view.desired.find((leaf) => leaf.device === device)
  return asked === undefined || isUnanswered(conversation, asked) ? grantItself(conversation) : false
}

/** Whether a place that this device has by a grant, its own or another's, has not become one for so long that the answer, or what it asked with, is taken for lost. */
function isUnanswered(conversation: Conversation, { grant }: Leaf): boolean {
  const kept = conversation.control?.kept.get(grant)
  return kept !== undefined && conversation.row.phase === 'away' && isAnswerDue(conversation, kept)
}

/** Whether what was asked for with that grant should have come by now. */
export function isAnswerDue({ control, context, state }: Conversation, { madeAt }: Kept): boolean {
  const now = context.clock.now()
  const times = control === undefined ? 0 : grantsSince(control, state.self, now - KEPT_MS)
  return now - madeAt > Math.min(ANSWER_MS * 2 ** Math.max(0, times - 1), KEPT_MS)
}

/**
 * Grants this device a leaf anew. The key package says for which one the Welcome is, the generation where we look for it: whoever keeps that one's
 * keys still hears us. False when it has asked too often.
 */
export async function grantItself(conversation: Conversation): Promise<boolean> {
  const { context, control, generation, id } = conversation
  const { deviceSeed, chain, device } = context.profile()
  const now = context.clock.now()
  if (control === undefined || grantsSince(control, device, now - DAY_MS) >= MAX_GRANTS_A_DAY) return false
  const seconds = Math.floor(now / 1000)
  const notAfter = seconds + KEY_PACKAGE_DAYS * DAY_S
  const self = { deviceSeed, credential: chain }
  const made = await createKeyPackage(context.engine, { self, notBefore: seconds - DAY_S, notAfter })
  const kept: Change = {
    put: 'keyPackages',
    row: {
      ref: made.ref,
      invitation: keyPackagesOf(id),
      publicBytes: made.public,
      privateBytes: made.private,
      expiresAt: notAfter * 1000,
    },
  }
  const attachment = encodeControlAttachment({ keyPackages: [made.public], generation: fromHex(generation.id) })
  await say(conversation, { case: 'grant', value: { chain } }, { attachment, changes: [kept] })
  return true
}

/**
 * Whether those keys under which this device could be let in again are kept by nobody any more. Whoever has set it aside and is alone in a 1:1 keeps them:
 * nobody's word releases what waits under them.
 */
export function isBeyondReach({ control, context, kind }: Conversation): boolean {
  if (kind === 'pair' && (control?.view.tree.length ?? 0) < 2) return false
  const { device } = context.profile()
  const leaving = control?.view.path.flatMap((epochId) => {
    const commit = control.commitTo(epochId)
    const { body } = commit?.thing ?? {}
    return body?.kind === 'commit' && body.removed.some((leaf) => leaf.device === device) ? (commit?.madeAt ?? 0) : []
  })
  const last = leaving?.at(-1)
  return last !== undefined && context.clock.now() - last > KEPT_MS
}

/** Whoever waits to be let in, or is in, may say something; a device that has been retired says nothing. */
export function maySpeak({ row, state, context }: Conversation): boolean {
  return (row.phase === 'active' || row.phase === 'away') && !context.profile().retired && maySeal(state)
}

/** Grants that this device gave itself. */
export function ownGrants({ kept }: Control, device: DeviceId): Kept[] {
  return [...kept.values()].filter(
    ({ thing: { body, device: author } }) => body.kind === 'grant' && author === device && body.device === device,
  )
}

function grantsSince(control: Control, device: DeviceId, since: number): number {
  return ownGrants(control, device).filter(({ madeAt }) => madeAt > since).length
}
