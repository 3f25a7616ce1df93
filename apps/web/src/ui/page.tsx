import type { ReactNode } from 'react'
import { Mark } from './mark.tsx'

export interface PageProps {
  readonly title: string
  readonly lead?: string
  readonly children?: ReactNode
}

/** A whole page with one thing to say or to ask. */
export function Page({ title, lead, children }: PageProps): ReactNode {
  return (
    <main className="flex min-h-full flex-col items-center justify-center overflow-y-auto p-6">
      <div className="flex w-full max-w-sm flex-col gap-6">
        <Mark />
        <div className="flex flex-col gap-2">
          <h1 className="text-2xl font-semibold tracking-tight text-balance">{title}</h1>
          {lead && <p className="text-[15px] leading-relaxed text-pretty text-muted">{lead}</p>}
        </div>
        {children}
      </div>
    </main>
  )
}
