import ArrowDown from 'lucide-react/icons/arrow-down'
import { useEffect, useLayoutEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { Virtualizer } from 'virtua'
import { IconButton } from '../../ui/button.tsx'
import { conversationStrings } from './conversation-strings.ts'
import { MessageRow } from './message-row.tsx'
import { moveFocus } from './move-focus.ts'
import type { TimelineItem } from './timeline.ts'
import { useBeginning } from './use-beginning.ts'
import { useStayAtEnd } from './use-stay-at-end.ts'

export interface MessageListProps {
  readonly label: string
  readonly items: readonly TimelineItem[]
  /** Where one begins to read; at the end if there is none. */
  readonly firstNew: string | undefined
  readonly unread: number
  readonly hasOlder: boolean
  /** What stands here while there are no messages. */
  readonly empty: string
  onOlder(): void
  onEnd(isAtEnd: boolean): void
}

/** Older messages are fetched when this much is left above. Pixels. */
const FETCH_AT = 400

/** The messages, newest at the bottom; only those in sight are in the document. */
export function MessageList(props: MessageListProps): ReactNode {
  const { label, items, hasOlder, unread, onEnd } = props
  const place = useStayAtEnd()
  const { scroller, atEnd, toEnd, scrolled } = place
  const prepended = usePrepended(items)
  const last = items.at(-1)
  const lastBubble = items.findLast((item) => item.kind === 'bubble')
  const ownLast = last?.kind === 'bubble' && last.bubble.own ? last.key : undefined

  // Whoever writes wants to see it stand there.
  useLayoutEffect(() => {
    if (ownLast !== undefined) toEnd()
  }, [ownLast, toEnd])

  const { list, hasBegun } = useBeginning(items, props.firstNew, place)
  useEffect(() => {
    if (hasBegun) onEnd(atEnd)
  }, [hasBegun, atEnd, onEnd])

  const onScroll = (offset: number) => {
    scrolled()
    if (hasOlder && offset < FETCH_AT) props.onOlder()
  }

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={label}
        tabIndex={0}
        onKeyDown={moveFocus}
        className="flex h-full flex-col overflow-y-auto overscroll-contain px-4 pb-3 focus-visible:-outline-offset-2"
      >
        <div className="grow" />
        {items.length === 0 && <p className="pb-4 text-center text-sm text-muted">{props.empty}</p>}
        <Virtualizer ref={list} scrollRef={scroller} as="ol" item="li" shift={prepended} onScroll={onScroll}>
          {items.map((item) => (
            <MessageRow key={item.key} item={item} isStop={item === lastBubble} />
          ))}
        </Virtualizer>
      </div>
      {!atEnd && (
        <IconButton
          label={conversationStrings.latest(unread)}
          onClick={toEnd}
          className="absolute right-4 bottom-3 border border-line bg-ground shadow-sm"
        >
          <ArrowDown size={20} aria-hidden="true" />
          {unread > 0 && (
            <span
              aria-hidden="true"
              className="absolute -top-2 min-w-5 rounded-full bg-accent px-1.5 text-center text-xs leading-5 font-semibold text-white"
            >
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </IconButton>
      )}
    </div>
  )
}

/** True while the newest change is that older messages came in above; the list then keeps its distance from the end. */
function usePrepended(items: readonly TimelineItem[]): boolean {
  const [before, setBefore] = useState(items)
  const [prepended, setPrepended] = useState(false)
  if (items !== before) {
    setBefore(items)
    setPrepended(firstBubble(items) !== firstBubble(before) && items.at(-1)?.key === before.at(-1)?.key)
  }
  return prepended
}

function firstBubble(items: readonly TimelineItem[]): string | undefined {
  return items.find((item) => item.kind === 'bubble')?.key
}
