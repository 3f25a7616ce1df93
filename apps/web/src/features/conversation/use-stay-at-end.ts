import { useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

/** This near to the end counts as being there. Pixels. */
const NEAR = 48

export interface StayAtEnd {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly atEnd: boolean
  toEnd(): void
  /** Somewhere else is where one wants to be. */
  leave(): void
  /** To be called on every scroll. */
  scrolled(): void
}

/**
 * Keeps whoever reads the end of a list at the end while it grows, is measured, or its box changes height (keyboard,
 * window, composer). Only scrolling up leaves the end: nothing but that makes the offset smaller while the list stays as high as it was. Where
 * rows above turn out to be lower than was guessed, both get smaller.
 */
export function useStayAtEnd(): StayAtEnd {
  const scroller = useRef<HTMLDivElement>(null)
  const stays = useRef(true)
  const before = useRef({ offset: 0, height: 0 })
  const [atEnd, setAtEnd] = useState(true)

  const toEnd = useCallback(() => {
    const box = scroller.current
    stays.current = true
    if (box) box.scrollTop = box.scrollHeight
  }, [])

  const leave = useCallback(() => {
    stays.current = false
    setAtEnd(false)
  }, [])

  const scrolled = useCallback(() => {
    const box = scroller.current
    if (!box) return
    const isNear = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR
    if (isNear) stays.current = true
    else if (box.scrollTop < before.current.offset && box.scrollHeight === before.current.height) stays.current = false
    before.current = { offset: box.scrollTop, height: box.scrollHeight }
    setAtEnd(isNear || stays.current)
  }, [])

  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    const observer = new ResizeObserver(() => stays.current && toEnd())
    for (const element of [box, ...box.children]) observer.observe(element)
    return () => observer.disconnect()
  }, [toEnd])

  return { scroller, atEnd, toEnd, leave, scrolled }
}
