import { unsealed } from '@sotto/core'
import type { Messenger } from '../client.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { isFirstInTurn } from '../groups/commit-due.ts'
import { depositsOf, type OutboxRow } from '../conversation/outbox-row.ts'
import type { Answer, Ask } from './intents.ts'

const DEFAULT_MS = 30_000
const LOOK_EVERY_MS = 50

/**
 * Waits until everything that waited at the relays has been opened, everything queued is stored or delivered, and receipts
 * are out; or until the time is up. The client must be online.
 */
export async function sync(messenger: Messenger, { timeout = DEFAULT_MS }: Ask<'sync'>): Promise<Answer<'sync'>> {
  const { clock } = messenger.context
  const end = clock.monotonic() + timeout
  const before = { received: messenger.network.received, queued: await queued(messenger) }
  let flushed = false
  messenger.network.hurry()
  for (;;) {
    // Nobody is reached from here any more.
    if (messenger.context.profile().retired) messenger.assertMayMeet()
    const isQuiet = await settled(messenger)
    if (isQuiet && flushed) break
    if (isQuiet) {
      await flush(messenger)
      flushed = true
    }
    if (clock.monotonic() >= end) break
    await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve))
  }
  const left = await queued(messenger)
  const complete = await settled(messenger)
  const answers = messenger.network.relays.some((relay) => relay.reachable)
  return {
    received: messenger.network.received - before.received,
    sent: Math.max(0, before.queued - left),
    queued: left,
    complete,
    ...(complete ? {} : { problem: answers ? 'Time ran out before everything was done.' : 'No relay answered.' }),
  }
}

/** Receipts and head records that are coalesced leave now. */
async function flush(messenger: Messenger): Promise<void> {
  for (const conversation of messenger.conversations.values()) {
    await conversation.lane.run(() => conversation.step({ type: 'flush', now: messenger.context.clock.now() }))
  }
}

/** Own messages that no relay and nobody else has. */
async function queued(messenger: Messenger): Promise<number> {
  let count = 0
  for (const conversation of messenger.conversations.values()) {
    const span = unsealed(conversation.state)
    count += span === undefined ? 0 : span.to - span.from + 1
    for (const row of await messenger.context.store.list('outbox', { prefix: [conversation.id] })) {
      if (row.kind === 'application' && isWaiting(messenger, conversation, row)) {
        count += row.lastSeq - row.firstSeq + 1
      }
    }
  }
  return count
}

function isWaiting(messenger: Messenger, conversation: Conversation, row: OutboxRow): boolean {
  return depositsOf(row).length === 0 && !messenger.network.sessions.isHeld(conversation, row)
}

async function settled(messenger: Messenger): Promise<boolean> {
  const { network, context } = messenger
  if (network.isBusy || messenger.errands.isBusy || !network.relays.some((relay) => relay.reachable)) return false
  for (const conversation of messenger.conversations.values()) {
    if (conversation.isOut) continue
    const posts = network.posts(conversation).filter((post) => post.relay.reachable)
    if (posts.length === 0 || !posts.every((post) => post.isCurrent)) return false
    if (!context.profile().retired && !conversation.isOver && unsealed(conversation.state) !== undefined) return false
    if (isFirstInTurn(conversation)) return false
    const rows = await context.store.list('outbox', { prefix: [conversation.id] })
    if (rows.some((row) => isWaiting(messenger, conversation, row))) return false
  }
  return true
}
