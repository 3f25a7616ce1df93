import { useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

/** This near to the end counts as being there. Pixels. */
const NEAR = 48

export interface StayAtEnd {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly atEnd: boolean
  toEnd(): void
  /** To be called on every scroll. */
  scrolled(): void
}

/**
 * Keeps whoever reads the end of a list at the end while it grows, is measured, or its box changes height (keyboard,
 * window, composer). Only scrolling up leaves the end; nothing but that makes the offset smaller without ending there.
 */
export function useStayAtEnd(): StayAtEnd {
  const scroller = useRef<HTMLDivElement>(null)
  const stays = useRef(true)
  const offset = useRef(0)
  const [atEnd, setAtEnd] = useState(true)

  const toEnd = useCallback(() => {
    const box = scroller.current
    stays.current = true
    if (box) box.scrollTop = box.scrollHeight
  }, [])

  const scrolled = useCallback(() => {
    const box = scroller.current
    if (!box) return
    const isNear = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR
    if (isNear) stays.current = true
    else if (box.scrollTop < offset.current) stays.current = false
    offset.current = box.scrollTop
    setAtEnd(isNear || stays.current)
  }, [])

  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    const observer = new ResizeObserver(() => stays.current && toEnd())
    for (const element of [box, ...box.children]) observer.observe(element)
    return () => observer.disconnect()
  }, [toEnd])

  return { scroller, atEnd, toEnd, scrolled }
}
