import ArrowDown from 'lucide-react/icons/arrow-down'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Virtualizer } from 'virtua'
import type { VirtualizerHandle } from 'virtua'
import { strings } from '../../strings.ts'
import { IconButton } from '../../ui/button.tsx'
import { MessageRow } from './message-row.tsx'
import type { TimelineItem } from './timeline.ts'

export interface MessageListProps {
  readonly label: string
  readonly items: readonly TimelineItem[]
  readonly hasOlder: boolean
  /** What stands here while there are no messages. */
  readonly empty: string
  onOlder(): void
}

const NEAR = 48

/** The messages, newest at the bottom; only those in sight are in the document. */
export function MessageList({ label, items, hasOlder, empty, onOlder }: MessageListProps): ReactNode {
  const list = useRef<VirtualizerHandle>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  const stays = useRef(true)
  const prepended = usePrepended(items)

  const toEnd = () => list.current?.scrollToIndex(items.length - 1, { align: 'end' })
  const lastKey = items.at(-1)?.key
  const lastOwn = isOwn(items.at(-1))

  useLayoutEffect(() => {
    if (stays.current || lastOwn) toEnd()
  }, [lastKey, lastOwn])

  // The pane changes its height with the keyboard, the window and a growing composer: whoever read the end still does.
  useEffect(() => {
    const box = scroller.current
    if (!box) return
    const observer = new ResizeObserver(() => {
      if (stays.current) box.scrollTop = box.scrollHeight
    })
    observer.observe(box)
    return () => observer.disconnect()
  }, [])

  const scrolled = (offset: number) => {
    const handle = list.current
    if (!handle) return
    stays.current = handle.scrollSize - offset - handle.viewportSize < NEAR
    setAtEnd(stays.current)
    if (hasOlder && offset < 400) onOlder()
  }

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={label}
        tabIndex={0}
        className="flex h-full flex-col overflow-y-auto overscroll-contain px-4 pb-3 focus-visible:-outline-offset-2"
      >
        <div className="grow" />
        {items.length === 0 && <p className="pb-4 text-center text-sm text-muted">{empty}</p>}
        <Virtualizer ref={list} scrollRef={scroller} as="ol" item="li" shift={prepended} onScroll={scrolled}>
          {items.map((item) => (
            <MessageRow key={item.key} item={item} />
          ))}
        </Virtualizer>
      </div>
      {!atEnd && (
        <IconButton
          label={strings.conversation.latest}
          onClick={toEnd}
          className="absolute right-4 bottom-3 border border-line bg-ground shadow-sm"
        >
          <ArrowDown size={20} aria-hidden="true" />
        </IconButton>
      )}
    </div>
  )
}

/** True in the one render in which older messages came in above; the list then keeps its distance from the end. */
function usePrepended(items: readonly TimelineItem[]): boolean {
  const before = useRef<readonly TimelineItem[]>(items)
  const ends = (list: readonly TimelineItem[]) => [firstBubble(list), list.at(-1)?.key] as const
  const [first, last] = ends(items)
  const [oldFirst, oldLast] = ends(before.current)
  useLayoutEffect(() => {
    before.current = items
  })
  return first !== oldFirst && last === oldLast
}

function firstBubble(items: readonly TimelineItem[]): string | undefined {
  return items.find((item) => item.kind === 'bubble')?.key
}

function isOwn(item: TimelineItem | undefined): boolean {
  return item?.kind === 'bubble' && item.bubble.own
}
