import { roster, type EpochState } from '@sotto/group'
import type { DeviceId, EpochId } from '@sotto/interface'
import { adopt, isFlooded } from '../conversation/commits.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { commitIfDue } from './commit-due.ts'
import type { Kept } from './control.ts'
import { enterBeside } from './beside.ts'
import { followed } from './followed.ts'
import { owedBy } from './log-heads.ts'
import { ackIfOwed } from './ack.ts'
import { comeBackIfDue } from './come-back.ts'
import { goOut, goOutIfTold, returnIfIn } from './out.ts'
import { noteReach } from './reach.ts'
import { readdress } from './readdress.ts'
import { returnedAmong } from './returned.ts'
import { isAbandoned, isLeftBehind } from '../restore/restored-here.ts'
import { move } from '../conversation/move.ts'

/**
 * Follows the rules' tip: processes the commits on the way to it, and those beside it, then commits what is still to be done if that is this device's turn.
 * Called after each thing that came and at the start; runs in the lane. What waited for the epochs that are here
 * now is applied.
 */
export async function advance(conversation: Conversation): Promise<void> {
  if (isLeftBehind(conversation)) return conversation.outlet.retire('revoked')
  if (isAbandoned(conversation) && !conversation.isOver) return void (await move(conversation, 'over'))
  let isElsewhere = false
  while (await enterNext(conversation)) isElsewhere = true
  if (await enterBeside(conversation)) isElsewhere = true
  await returnIfIn(conversation)
  await goOutIfTold(conversation)
  await comeBackIfDue(conversation)
  await commitIfDue(conversation, () => advance(conversation))
  await readdress(conversation)
  await noteReach(conversation)
  await ackIfOwed(conversation)
  conversation.messagesChanged()
  // What waited while the keys were changed may go now.
  const isSaid = conversation.row.phase !== 'founding'
  if (isSaid && conversation.outlet.canSend(conversation)) await conversation.step({ type: 'seal-due' })
  if (isElsewhere) conversation.outlet.entered(conversation)
  conversation.outlet.attend(conversation)
}

/** Enters the epoch after the deepest one on the path whose state is here. False when there is none. */
async function enterNext(conversation: Conversation): Promise<boolean> {
  const { control, epochs } = conversation
  if (control === undefined || conversation.row.phase === 'ended') return false
  const { path } = control.view
  let at = path.length - 1
  let state: EpochState | undefined
  while (at >= 0 && state === undefined) {
    const epochId = path[at]
    state = epochId === undefined ? undefined : await epochs.get(epochId)
    if (state === undefined) at -= 1
  }
  if (state === undefined) return false
  const next = path[at + 1]
  if (next === undefined) {
    if (conversation.tip.epochId !== state.epochId) await conversation.switchTo(state)
    return false
  }
  return enter(conversation, state, next)
}

async function enter(conversation: Conversation, parent: EpochState, child: EpochId): Promise<boolean> {
  const commit = conversation.control?.commitTo(child)
  const { barred } = conversation
  if (commit === undefined || barred.get(child) === 'bad' || (await isFlooded(conversation))) return false
  const isWithoutUs = barred.get(child) === 'without us'
  const processed = isWithoutUs ? 'removed' : await followed(conversation, parent, commit)
  if (processed === 'removed') {
    barred.set(child, 'without us')
    await goOut(conversation)
  }
  if (processed === undefined || processed === 'removed') return false
  const owed = owedBy(conversation, processed.heads)
  const returned = returnedIn(conversation, commit)
  // The commit's bytes are kept with its thing. What leads to the rules' tip is the tip on the way there.
  const committer = commit.thing.device
  // Who came in on the way to the parent is not one who comes in by this.
  const from = parent.epochId === conversation.tip.epochId ? {} : { from: roster(parent).map(({ device }) => device) }
  const who = { owed, committer, returned, ...from }
  await adopt(conversation, { parent, ...processed, commit: new Uint8Array(), isTip: true, who }, [])
  return true
}

function returnedIn(conversation: Conversation, { thing: { body } }: Kept): DeviceId[] {
  const { control } = conversation
  return control === undefined || body.kind !== 'commit' ? [] : returnedAmong(conversation, control, body.added)
}
