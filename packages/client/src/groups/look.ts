import { forgetOld } from '../conversation/forget.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { advance } from './advance.ts'
import { attendedChange, attendedOf } from './attendance.ts'
import { askAnewIfBehind } from './ask-anew.ts'
import { comeBackIfDue, maySpeak } from './come-back.ts'
import { attestSilent, mayJudge, owedNoted, setAside } from './silence.ts'
import { lostNoted, saySoIfStuck } from './stuck.ts'

/**
 * Looks who has owed a word for 30 days, says so, and sets aside whom enough say it about; the commit that takes the leaf out follows. Looks also
 * whether this device itself cannot follow. Called when everything that lies at a relay has been read, since what has not been read yet is nobody's
 * silence. Runs in the lane.
 */
export async function lookAround(conversation: Conversation): Promise<void> {
  const { context, control, row } = conversation
  if (control === undefined || !maySpeak(conversation)) return
  const { before, passed } = await attendedOf(conversation)
  const isJudge = mayJudge(conversation)
  const owed = isJudge ? owedNoted(conversation, before, passed) : before
  const lost = await lostNoted(conversation, before.lost, passed)
  const next = { at: context.clock.now(), path: owed.path, agreed: owed.agreed, lost }
  const changes = attendedChange(conversation, before, next)
  if (changes.length > 0) await context.store.commit(changes)
  const isSaid = isJudge
    ? [await attestSilent(conversation, next), await setAside(conversation)].includes(true)
    : (await saySoIfStuck(conversation, lost)) || (row.phase === 'away' && (await comeBackIfDue(conversation)))
  await askAnewIfBehind(conversation)
  if (isSaid) await advance(conversation)
  // Where everybody else is out, no receipt comes to ask for it.
  else if (isJudge) await forgetOld(conversation)
  // What was in vain another day may be tried again.
  conversation.outlet.errands()
}
