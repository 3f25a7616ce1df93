import type { Conversation } from '../conversation/conversation.ts'
import { jitterOf } from '../conversation/messages.ts'

/** Tells core how far everybody's control chain is here: one thing may have given several others their place. */
export async function noteReach(conversation: Conversation): Promise<void> {
  const { context, control } = conversation
  for (const [device, { seq }] of control?.reaches() ?? []) {
    const record = conversation.state.devices.find((entry) => entry.device === device)
    if (record === undefined || device === conversation.state.self || seq <= (record.control ?? 0)) continue
    const [now, jitter] = [context.clock.now(), jitterOf(context.random.bytes(4))]
    await conversation.step({ type: 'control', device, cseq: seq, via: 'mailbox', now, jitter })
  }
}
