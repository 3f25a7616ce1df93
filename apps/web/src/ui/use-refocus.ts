import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'

/**
 * When `when` has changed and what had the focus is gone with it, the focus goes on at `place`: otherwise whoever uses a keyboard would
 * start at the top of the page again.
 */
export function useRefocus(place: RefObject<HTMLElement | null>, when: unknown): void {
  const before = useRef(when)
  useEffect(() => {
    if (before.current === when) return
    before.current = when
    const { activeElement } = document
    // What was hidden with its pane keeps the focus until the next frame, and nobody has it then.
    const isGone =
      activeElement === null || activeElement === document.body || activeElement.getClientRects().length === 0
    if (isGone) place.current?.focus({ preventScroll: true })
  }, [place, when])
}
