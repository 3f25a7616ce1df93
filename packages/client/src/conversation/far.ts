import { open, turnTowards, type EpochState, type GroupResult, type Opened } from '@sotto/group'
import type { Clock } from '@sotto/interface'
import type { Conversation } from './conversation.ts'

const HOUR_MS = 3_600_000
/**
 * Turns of 1,000 steps that a conversation may ask of this device within an hour, for messages that are far ahead of what was read. Whom they are
 * by is shown only afterwards, so all members draw on one credit.
 */
const MAX_TURNS_AN_HOUR = 30

/** When turns were made, the latest last. As far as this run knows. */
const turns = new WeakMap<Conversation, readonly number[]>()

/**
 * Opens a message. Towards one that is more than 1,000 steps ahead the ratchet is turned in pieces, as long as there is credit, with room for
 * other work in between; nothing of that is kept unless the message opens.
 */
export async function openFar(
  conversation: Conversation,
  epoch: EpochState,
  mls: Uint8Array,
): Promise<GroupResult<Opened>> {
  const { engine, clock } = conversation.context
  let state = epoch
  for (;;) {
    const opened = await open(engine, state, mls)
    if (opened.ok || opened.reason !== 'too-far' || !isPaid(conversation)) return opened
    const turned = await turnTowards(engine, state, mls)
    if (!turned.ok) return turned
    state = turned.value
    await pause(clock)
  }
}

function isPaid(conversation: Conversation): boolean {
  const now = conversation.context.clock.monotonic()
  const recent = (turns.get(conversation) ?? []).filter((at) => now - at < HOUR_MS)
  if (recent.length >= MAX_TURNS_AN_HOUR) return false
  turns.set(conversation, [...recent, now])
  return true
}

/** Lets everything else that is due be done. */
function pause(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.after(0, resolve))
}
