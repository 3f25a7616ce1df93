import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { copyText } from '../../client/copy-text.ts'
import { conversationStrings } from './conversation-strings.ts'

const WORDS = {
  no: conversationStrings.copy,
  yes: conversationStrings.copied,
  refused: conversationStrings.copyRefused,
} as const
/** How long it says what became of it. Milliseconds. */
const TELL = 2_000

export interface CopyButtonProps {
  readonly text: string
  /** Tab stops at one message only; the arrow keys lead to the others. */
  readonly isStop: boolean
}

/** Copies a message's text. In sight while its message is pointed at or the focus is there. */
export function CopyButton({ text, isStop }: CopyButtonProps): ReactNode {
  const [done, setDone] = useState<keyof typeof WORDS>('no')
  useEffect(() => {
    if (done === 'no') return
    const timer = setTimeout(() => setDone('no'), TELL)
    return () => clearTimeout(timer)
  }, [done])
  return (
    <>
      <button
        type="button"
        data-copy=""
        tabIndex={isStop ? 0 : -1}
        aria-label={conversationStrings.copy}
        title={WORDS[done]}
        onClick={() => void copyText(text).then((copied) => setDone(copied ? 'yes' : 'refused'))}
        className="grid size-8 shrink-0 place-items-center self-center rounded-full text-muted opacity-0 group-hover:opacity-100 hover:bg-fill hover:text-ink focus-visible:opacity-100"
      >
        {done === 'yes' ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
      </button>
      <span role="status" className="sr-only">
        {done === 'no' ? '' : WORDS[done]}
      </span>
    </>
  )
}
