import type { Store } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import { isMessage } from '../conversation/rows.ts'

/** Others' shown messages above what has been read here. */
export async function countUnread(store: Store, conversation: Conversation): Promise<number> {
  const { self, devices } = conversation.state
  let unread = 0
  const own = devices.find(({ device }) => device === self)?.account
  for (const { device, account, read } of devices) {
    if (account === own) continue
    const rows = await store.list('events', { prefix: [conversation.id, device], after: [read] })
    unread += rows.filter((row) => isMessage(row) && row.shown === 1).length
  }
  return unread
}
