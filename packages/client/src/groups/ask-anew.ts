import type { Conversation } from '../conversation/conversation.ts'
import { advance } from './advance.ts'
import { isBehind } from './behind.ts'
import { grantItself, isAnswerDue, mayComeBack, maySpeak, ownGrants } from './come-back.ts'

/** Who is there answers in less. */
const MOMENT_MS = 120_000

/**
 * Asks to be let in anew where others are, unless something of them comes in a moment: they may have slept as long as this device. Runs in the lane, as what it
 * does later.
 */
export async function askAnewIfBehind(conversation: Conversation): Promise<void> {
  if (!(await isBehind(conversation))) return
  const { outlet, lane } = conversation
  outlet.later(MOMENT_MS, () =>
    lane.run(async () => {
      if (await askAnew(conversation)) await advance(conversation)
      outlet.errands()
    }),
  )
}

async function askAnew(conversation: Conversation): Promise<boolean> {
  const { control, context } = conversation
  if (control === undefined || !maySpeak(conversation)) return false
  if (!(await isBehind(conversation)) || !mayComeBack(conversation)) return false
  const newest = ownGrants(control, context.profile().device).at(-1)
  return newest === undefined || isAnswerDue(conversation, newest) ? grantItself(conversation) : false
}
