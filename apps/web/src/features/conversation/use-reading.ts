import type { ConversationSnapshot } from '@sotto/client'
import { useEffect, useSyncExternalStore } from 'react'
import { useClient } from '../../client/client-context.ts'

/** Marks an open conversation as read, but only while somebody can be looking at it, and its newest message is in sight. */
export function useReading({ conversation, unread }: ConversationSnapshot, isAtEnd: boolean): void {
  const client = useClient()
  const looking = useSyncExternalStore(subscribeToLooking, isLooking)
  useEffect(() => {
    if (!looking || !isAtEnd || unread === 0) return
    // If this fails the messages stay unread, and the next change tries again.
    client.do('read', { conversation }).catch(() => undefined)
  }, [client, conversation, unread, looking, isAtEnd])
}

function isLooking(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus()
}

function subscribeToLooking(changed: () => void): () => void {
  const names = ['focus', 'blur'] as const
  for (const name of names) window.addEventListener(name, changed)
  document.addEventListener('visibilitychange', changed)
  return () => {
    for (const name of names) window.removeEventListener(name, changed)
    document.removeEventListener('visibilitychange', changed)
  }
}
