import { useId } from 'react'
import type { ReactNode } from 'react'

export interface SectionProps {
  readonly heading: string
  readonly text?: string | undefined
  readonly children: ReactNode
}

/** A part of a page with a heading of its own. */
export function Section({ heading, text, children }: SectionProps): ReactNode {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3 border-t border-line pt-5 first:border-0 first:pt-0">
      <div className="flex flex-col gap-1">
        <h2 id={id} className="text-base font-semibold">
          {heading}
        </h2>
        {text && <p className="text-sm text-pretty text-muted">{text}</p>}
      </div>
      {children}
    </section>
  )
}
