import { createKeyPackage, wouldBe } from '@sotto/group'
import type { AccountId, Change, ConversationId, Rows } from '@sotto/interface'
import {
  decodeLogBundle,
  decodeRecoveryStatement,
  encodeControlAttachment,
  encodeLogBundle,
  encodeSignedRecord,
  packThings,
} from '@sotto/wire'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { controlOf } from '../groups/enter.ts'
import { controlRow, type Control, type Kept } from '../groups/control.ts'
import { keyPackagesOf } from '../groups/key-packages.ts'
import { loadControl } from '../groups/load.ts'
import { signThing } from '../groups/say.ts'
import { sendParts, type WholeWelcome } from '../groups/welcome.ts'

const DAY_S = 86_400
/** As long as a yes to a group waits to be committed. */
const KEY_PACKAGE_DAYS = 90

/**
 * A contact has sent the control log of a group that this account was in before its devices were lost: this device says `recover` on top of it and
 * answers with that. Once in each conversation, whatever logs come: a second word of a first seq would be a fork. `done` goes with the answer.
 */
export async function answerLog(
  context: Context,
  pair: Conversation,
  whole: WholeWelcome,
  done: readonly Change[],
): Promise<void> {
  const { store, profile, clock } = context
  const { account, device } = profile()
  const bundle = decodeLogBundle(whole.bundle)
  const theirs = bundle.ok ? await controlOf(context, whole.conversation, bundle.value.things) : bundle
  const reason = theirs.ok ? whyNot(theirs.value, account) : theirs.reason
  if (!theirs.ok || reason !== undefined) {
    context.logger.debug('refused', { reason: reason ?? 'unknown' })
    return store.commit(done)
  }
  const kept = await loadControl(context, whole.conversation)
  const before = [...(kept?.kept.values() ?? [])].find(({ thing }) => thing.device === device)
  const said =
    before === undefined || kept === undefined
      ? await recoverOn(context, whole.conversation, theirs.value)
      : { log: kept, own: before, changes: [] }
  if (said === undefined) return store.commit(done)
  // What the other one does not have of what it rests on, it may get from nobody else.
  const lacking = said.log.placed.filter(
    ({ thing }) => !theirs.value.kept.has(thing.id) && thing.id !== said.own.thing.id,
  )
  const answer = encodeLogBundle({
    things: packThings([...lacking, said.own].map(({ record }) => encodeSignedRecord(record))),
    attachment: said.own.attachment,
  })
  const rows = [...said.log.placed, said.own].map((thing): Change => ({
    put: 'control',
    row: controlRow(whole.conversation, thing, clock.now()),
  }))
  const about = { conversation: whole.conversation, account, bundle: answer }
  await store.commit([...rows, ...said.changes])
  await pair.lane.run(() => sendParts(pair, 'group.recover', about, done))
}

/** A log is of use only if this account is in by its own word: nobody is put into a conversation by another's. */
function whyNot(control: Control, account: AccountId): string | undefined {
  if (control.view.is !== 'group') return 'other-kind'
  if (control.roleOf(account) === undefined) return 'not-a-member'
  const isOwnWord = ({ thing }: Kept): boolean =>
    control.accountOf(thing.device) === account || (thing.body.kind === 'add' && thing.body.account === account)
  return [...control.kept.values()].some(isOwnWord) ? undefined : 'no-own-word'
}

interface SaidRecover {
  readonly log: Control
  readonly own: Kept
  readonly changes: readonly Change[]
}

/** Says it, with a fresh key package; nothing where a later statement is known, or this device is in already. */
async function recoverOn(
  context: Context,
  conversation: ConversationId,
  log: Control,
): Promise<SaidRecover | undefined> {
  const { account, device, deviceSeed, chain, recovery } = context.profile()
  const statement = decodeRecoveryStatement(recovery ?? new Uint8Array())
  if (!statement.ok) return undefined
  const body = { kind: 'recover', number: Number(statement.value.number) } as const
  if (!wouldBe(log.log, body, { account, device })) return undefined
  const now = Math.floor(context.clock.now() / 1000)
  const notAfter = now + KEY_PACKAGE_DAYS * DAY_S
  const self = { deviceSeed, credential: chain }
  const made = await createKeyPackage(context.engine, { self, notBefore: now - DAY_S, notAfter })
  const row: Rows['keyPackages'] = {
    ref: made.ref,
    invitation: keyPackagesOf(conversation),
    publicBytes: made.public,
    privateBytes: made.private,
    expiresAt: notAfter * 1000,
  }
  const attachment = encodeControlAttachment({ keyPackages: [made.public] })
  const value = { chain, statement: statement.value }
  const own = await signThing(context, { conversation, log: log.log, said: { case: 'recover', value }, attachment })
  return { log, own, changes: [{ put: 'keyPackages', row }] }
}
