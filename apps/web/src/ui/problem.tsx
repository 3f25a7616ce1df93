import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { ReactNode } from 'react'

/** A sentence about what went wrong, said at once to screen readers. */
export function Problem({ text }: { readonly text: string }): ReactNode {
  return (
    <p role="alert" className="flex gap-2 rounded-xl bg-danger-soft p-3 text-[15px] text-danger">
      <TriangleAlert size={18} aria-hidden="true" className="mt-0.5 shrink-0" />
      <span className="min-w-0 break-words">{text}</span>
    </p>
  )
}
