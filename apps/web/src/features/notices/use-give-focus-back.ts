import { useRef } from 'react'
import type { FocusEvent, RefObject } from 'react'

export interface FocusGiver {
  /** Goes on the element around what the focus may come into. */
  readonly place: { readonly ref: RefObject<HTMLDivElement | null>; onFocus(event: FocusEvent): void }
  /** To where the focus was before it came in, if it is inside; to nowhere if that is gone, and the page decides. */
  giveBack(): void
  /** To nowhere, if it is inside: the page is about to show something else, and decides. */
  letGo(): void
}

/** Whoever dismisses a notice with the keyboard goes on where they were. */
export function useGiveFocusBack(): FocusGiver {
  const ref = useRef<HTMLDivElement>(null)
  const before = useRef<HTMLElement>(undefined)
  const isInside = (element: Element | null) => ref.current?.contains(element) === true
  const leave = (): boolean => {
    const focused = document.activeElement
    if (!(focused instanceof HTMLElement) || !isInside(focused)) return false
    focused.blur()
    return true
  }
  return {
    place: {
      ref,
      onFocus({ relatedTarget }) {
        if (relatedTarget instanceof HTMLElement && !isInside(relatedTarget)) before.current = relatedTarget
      },
    },
    giveBack() {
      if (leave() && before.current?.isConnected) before.current.focus()
    },
    letGo: () => void leave(),
  }
}
