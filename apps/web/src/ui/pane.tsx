import ChevronLeft from 'lucide-react/icons/chevron-left'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { uiStrings } from './ui-strings.ts'

export interface PaneProps {
  readonly title: string
  /** Shown on narrow screens, where the list is not beside the pane. */
  onBack(): void
  readonly children: ReactNode
}

/** The right side of the page for everything that is not a conversation: a header, and a column of readable width. */
export function Pane({ title, onBack, children }: PaneProps): ReactNode {
  return (
    <section aria-label={title} className="flex h-full min-w-0 flex-col">
      <header className="flex min-h-15 items-center gap-2 border-b border-line px-3 py-2 pt-[max(0.5rem,env(safe-area-inset-top))]">
        <span className="md:hidden">
          <IconButton label={uiStrings.back} onClick={onBack}>
            <ChevronLeft size={22} aria-hidden="true" />
          </IconButton>
        </span>
        <h1 className="truncate px-1 text-lg font-semibold">{title}</h1>
      </header>
      <div className="flex-1 overflow-y-auto p-5 pb-[max(1.25rem,env(safe-area-inset-bottom))]">
        <div className="mx-auto flex w-full max-w-md flex-col gap-5">{children}</div>
      </div>
    </section>
  )
}
