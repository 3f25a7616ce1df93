import type { ThingId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import type { Control } from './control.ts'
import { linesOf } from './lines.ts'

/**
 * Tells watchers of lines that the stored control log has and did not have `before`, in their order, each once in a run of the client: decisions that
 * exclude each other may take a line away, and bring it again. Without `before` this device has just come in: nothing is told until {@link tellEntry}.
 */
export function tellLines(conversation: Conversation, before: Control | undefined): void {
  const { control, kind } = conversation
  // Nobody reads an account's own conversation; a log without its beginning says nothing yet.
  if (kind === 'self' || control === undefined || control.log.size === 0) return
  if (before === undefined) {
    const entry = entryOf(conversation, control)
    conversation.toldLines = new Set(idsOf(control).filter((id) => id !== entry))
    return
  }
  conversation.toldLines ??= new Set(idsOf(before))
  tell(conversation, conversation.toldLines)
}

/** Tells how this device came into a conversation that begins here: of what was done before that, it can read when it likes. */
export function tellEntry(conversation: Conversation): void {
  if (conversation.toldLines !== undefined) tell(conversation, conversation.toldLines)
}

function tell(conversation: Conversation, told: Set<ThingId>): void {
  const { id, control, context } = conversation
  if (control === undefined) return
  for (const line of linesOf(control)) {
    if (told.has(line.id)) continue
    told.add(line.id)
    const accounts = new Set([line.by, line.account ?? line.by])
    const names = [...accounts].map((account) => ({ account, name: conversation.nameOf(account) }))
    context.emit({ type: 'line', conversation: id, line, names })
  }
}

/** By which thing this device is in. */
function entryOf({ state }: Conversation, { view }: Control): ThingId | undefined {
  return view.tree.find(({ device }) => device === state.self)?.grant
}

function idsOf(control: Control): readonly ThingId[] {
  return linesOf(control).map(({ id }) => id)
}
