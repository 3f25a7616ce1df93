import { useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { TimelineItem } from './timeline.ts'
import type { StayAtEnd } from './use-stay-at-end.ts'

export interface Beginning {
  readonly list: RefObject<VirtualizerHandle | null>
  /** The rows are there, and the reader is where they begin. */
  readonly hasBegun: boolean
}

/** Where one begins to read: at the first message that was unread as the conversation was opened, otherwise at the end. */
export function useBeginning(
  items: readonly TimelineItem[],
  firstNew: string | undefined,
  { scroller, leave, scrolled }: Pick<StayAtEnd, 'scroller' | 'leave' | 'scrolled'>,
): Beginning {
  const list = useRef<VirtualizerHandle>(null)
  const isPlaced = useRef(false)
  const [hasBegun, setBegun] = useState(false)
  useLayoutEffect(() => {
    if (isPlaced.current || items.length === 0) return
    isPlaced.current = true
    const index = items.findIndex((item) => item.kind === 'new' || item.key === firstNew)
    if (index >= 0) leave()
    // Twice more, once rows are measured. The list's own way of going to a row goes there again for as long as rows are measured: whoever scrolls soon is pulled back.
    const place = () => {
      const offset = index < 0 ? undefined : list.current?.getItemOffset(index)
      if (offset !== undefined) scroller.current?.scrollTo({ top: offset, behavior: 'instant' })
    }
    const begin = () => {
      place()
      // Where all of it fits, nothing has scrolled.
      scrolled()
      setBegun(true)
    }
    place()
    requestAnimationFrame(() => {
      place()
      requestAnimationFrame(begin)
    })
  }, [items, firstNew, scroller, leave, scrolled])
  return { list, hasBegun }
}
