import type { Conversation } from '../conversation/conversation.ts'
import { jitterOf } from '../conversation/messages.ts'
import { lackingOf } from './lacking.ts'

/** Tells core how far everybody's control chain is here, and what is lacking: one thing may have given several others their place. */
export async function noteReach(conversation: Conversation): Promise<void> {
  const { context, control } = conversation
  const when = (): { now: number; jitter: number } => {
    return { now: context.clock.now(), jitter: jitterOf(context.random.bytes(4)) }
  }
  for (const [device, { seq }] of control?.reaches() ?? []) {
    const record = conversation.state.devices.find((entry) => entry.device === device)
    if (record === undefined || device === conversation.state.self || seq <= (record.control ?? 0)) continue
    await conversation.step({ type: 'control', device, cseq: seq, via: 'mailbox', ...when() })
  }
  const things = control === undefined ? [] : lackingOf(control)
  if (things.length > 0 || (conversation.state.lacking ?? []).length > 0)
    await conversation.step({ type: 'lacking', things, ...when() })
}
