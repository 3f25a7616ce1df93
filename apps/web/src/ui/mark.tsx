import type { ReactNode } from 'react'

/** The product's mark. Decoration: the name stands beside it in words. */
export function Mark(): ReactNode {
  return <img src="./favicon.svg" alt="" className="size-12" />
}
