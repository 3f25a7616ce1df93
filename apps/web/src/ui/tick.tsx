import CheckCheck from 'lucide-react/icons/check-check'
import Check from 'lucide-react/icons/check'
import CircleSlash from 'lucide-react/icons/circle-slash'
import Clock from 'lucide-react/icons/clock'
import type { ReactNode } from 'react'

export interface TickProps {
  readonly state: 'unsent' | 'queued' | 'sent' | 'delivered' | 'read'
  readonly words: string
  /** Class of the filled look of `read`; the shape differs too, so that no one depends on colour. */
  readonly readClass: string
}

/** How far an own message has come: struck out, clock, one tick, two ticks, two ticks on a filled ground. The words are for screen readers and tooltips. */
export function Tick({ state, words, readClass }: TickProps): ReactNode {
  return (
    <span role="img" aria-label={words} title={words} className="inline-flex shrink-0">
      {state === 'unsent' && <CircleSlash size={14} aria-hidden="true" />}
      {state === 'queued' && <Clock size={14} aria-hidden="true" />}
      {state === 'sent' && <Check size={15} aria-hidden="true" />}
      {state === 'delivered' && <CheckCheck size={15} aria-hidden="true" />}
      {state === 'read' && (
        <span className={`rounded-full px-0.5 ${readClass}`}>
          <CheckCheck size={15} strokeWidth={2.5} aria-hidden="true" />
        </span>
      )}
    </span>
  )
}
