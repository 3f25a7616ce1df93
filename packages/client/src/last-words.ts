import type { Clock } from '@sotto/interface'
import type { Conversation } from './conversation/conversation.ts'
import type { Network } from './network.ts'

const LAST_WORDS_MS = 1_000
const LOOK_EVERY_MS = 20

/** What is coalesced leaves before we go: a copy of this store made from now on is found out by it. */
export async function sayLastWords(
  clock: Clock,
  network: Network,
  conversations: Iterable<Conversation>,
): Promise<void> {
  for (const conversation of conversations) {
    await conversation.lane.run(() => conversation.step({ type: 'flush', now: clock.now() }))
  }
  const end = clock.monotonic() + LAST_WORDS_MS
  while (network.isBusy && clock.monotonic() < end) {
    await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve))
  }
}
