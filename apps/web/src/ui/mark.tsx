import type { ReactNode } from 'react'

/** The product's mark: a speech bubble with a soft wave in it. */
export function Mark(): ReactNode {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-12">
      <rect width="32" height="32" rx="9" fill="#0f766e" />
      <path
        d="M8 11.5A3.5 3.5 0 0 1 11.5 8h9a3.5 3.5 0 0 1 3.5 3.5v6a3.5 3.5 0 0 1-3.5 3.5H15l-4.2 3.6c-.5.4-1.3.1-1.3-.6V20.4A3.5 3.5 0 0 1 8 17.5z"
        fill="#fff"
      />
      <path
        d="M12.5 14.5c1.2-1.4 2.3-1.4 3.5 0s2.3 1.4 3.5 0"
        fill="none"
        stroke="#0f766e"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  )
}
