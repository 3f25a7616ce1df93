import type { Conversation } from '../conversation/conversation.ts'
import { mayComeBack } from './come-back.ts'
import { hasWord, isToldOut } from './told-out.ts'
import { move } from '../conversation/move.ts'

/** A generation lasts a week, and what is not final can be replaced for 30 days: after that, nothing brings a removed device back. */
const READ_ON_MS = 37 * 86_400_000

/**
 * A commit has taken this device out. It may be given up for another one, when whoever made it turns out to have been out before: so the device
 * says nothing any more, and goes on reading what goes to the mailboxes that it knows. Whoever left by itself is out for good. Whom only its own
 * silence has put out waits to be let in again.
 */
export async function goOut(conversation: Conversation): Promise<void> {
  const { context } = conversation
  if (!mayComeBack(conversation)) {
    if (await move(conversation, 'taken-out')) context.changed()
    return
  }
  const isMoved = await move(conversation, 'set-aside')
  if (isMoved && conversation.row.phase === 'away') tell(conversation, 'set-aside')
}

/** Somebody has told this device, which does not follow, that it was taken out by a decision. */
export async function goOutIfTold(conversation: Conversation): Promise<void> {
  if (!(await isToldOut(conversation))) return
  if (await move(conversation, 'told-out')) tell(conversation, 'out-while-away')
}

function tell({ context, title }: Conversation, name: 'set-aside' | 'out-while-away'): void {
  const text =
    name === 'set-aside'
      ? `This device was away for so long that it cannot follow “${title}” any more. It comes in again by itself as soon as another device there is online.`
      : `While this device was away for long, it was taken out of “${title}”.`
  context.emit({ type: 'notice', name, text })
}

/** The commit that took this device out is beside the path now: it is in, as it always was for the others. */
export async function returnIfIn(conversation: Conversation): Promise<void> {
  const { control, tip, state } = conversation
  if (control === undefined || control.view.tip !== tip.epochId) return
  const { tree, desired } = control.view
  const isIn = [tree, desired].every((leaves) => leaves.some(({ device }) => device === state.self))
  if (isIn && !hasWord(conversation)) await move(conversation, 'in-again')
}

/** Nothing brings it back any more: its mailboxes are read no longer. */
export async function endIfLongOut(conversation: Conversation): Promise<void> {
  const { row, context, generation } = conversation
  if (row.phase === 'out' && context.clock.now() - generation.openedAt > READ_ON_MS) await move(conversation, 'over')
}
