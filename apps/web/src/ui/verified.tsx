import ShieldCheck from 'lucide-react/icons/shield-check'
import type { ReactNode } from 'react'
import { uiStrings } from './ui-strings.ts'

/** The shield of a person whose safety number was compared. */
export function Verified(): ReactNode {
  return (
    <span
      role="img"
      aria-label={uiStrings.verified}
      title={uiStrings.verified}
      className="inline-flex shrink-0 text-accent-ink"
    >
      <ShieldCheck size={16} aria-hidden="true" />
    </span>
  )
}
