import type { ClientSnapshot } from '@sotto/client'
import { useEffect } from 'react'
import { appStrings } from './app-strings.ts'

/** The tab says how much waits to be read; requests count as one each. */
export function useTitle({ conversations, requests }: ClientSnapshot): void {
  const waiting = conversations.reduce((sum, one) => sum + one.unread, requests.length)
  useEffect(() => {
    document.title = waiting > 0 ? `(${waiting}) ${appStrings.product}` : appStrings.product
  }, [waiting])
}
