import { useState } from 'react'
import type { RecoveryProps } from './recovery-view.tsx'

/** `phrase` is there only in the page that created the account; nothing else knows it. */
export function useRecovery(phrase: string | undefined, close: () => void): RecoveryProps | undefined {
  const [written, setWritten] = useState(false)
  if (phrase === undefined || written) return undefined
  return {
    snapshot: { words: phrase.split(' ') },
    actions: {
      close,
      done() {
        setWritten(true)
        close()
      },
    },
  }
}
