import type { Conversation } from '../conversation/conversation.ts'
import { ClientError } from '../errors.ts'
import type { Network } from '../network.ts'
import { erase, resumeKnock } from './join.ts'

const RESUME_MS = 15_000
const LOOK_EVERY_MS = 50

/** Sends a hello again that a stop has interrupted. `forget` is called when nothing is left of the conversation. */
export async function resumeHello(conversation: Conversation, network: Network, forget: () => void): Promise<void> {
  const signal = AbortSignal.timeout(RESUME_MS)
  const end = (): void => {
    network.unwatch(conversation)
    forget()
  }
  try {
    if (await resumeKnock(conversation, { signal })) network.watch(conversation)
    else end()
  } catch (error) {
    const code = error instanceof ClientError ? error.code : 'unknown'
    conversation.context.logger.warn('hello not sent again', { code })
    // Used up, revoked or expired meanwhile. Anything else is tried again at the next start.
    if (!code.startsWith('invitation-') || !(await isUnanswered(conversation, network, signal))) return
    end()
    await erase(conversation)
  }
}

/** True when a relay of the conversation was read to its end, and there was no answer to our hello. */
async function isUnanswered(conversation: Conversation, network: Network, signal: AbortSignal): Promise<boolean> {
  while (!network.posts(conversation).some((post) => post.isCurrent)) {
    if (signal.aborted || !network.isOnline) return false
    await new Promise<void>((resolve) => void conversation.context.clock.after(LOOK_EVERY_MS, resolve))
  }
  await conversation.lane.idle()
  return conversation.row.phase === 'founding'
}
