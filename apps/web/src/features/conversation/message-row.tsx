import CircleDashed from 'lucide-react/icons/circle-dashed'
import type { ReactNode } from 'react'
import { classes } from '../../ui/classes.ts'
import { Tick } from '../../ui/tick.tsx'
import { CopyButton } from './copy-button.tsx'
import { linkedText } from './linked-text.ts'
import type { Bubble, TimelineItem } from './timeline.ts'

/** One line of the timeline: a day, a gap, the start of what is new, or a message. */
export function MessageRow({ item, isStop }: { readonly item: TimelineItem; readonly isStop: boolean }): ReactNode {
  switch (item.kind) {
    case 'day':
      return (
        <div className="flex justify-center pt-4 pb-1">
          <span className="rounded-full bg-fill px-3 py-1 text-xs text-muted">{item.text}</span>
        </div>
      )
    case 'gap':
      return (
        <div className="mt-3 flex items-center justify-center gap-2 rounded-xl border border-dashed border-line px-3 py-2 text-center text-sm text-muted">
          <CircleDashed size={16} aria-hidden="true" className="shrink-0" />
          {item.text}
        </div>
      )
    case 'new':
      return (
        <div className="flex items-center gap-3 pt-4 text-xs font-medium text-accent-ink before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
          {item.text}
        </div>
      )
    case 'line':
      return <p className="px-3 pt-3 pb-1 text-center text-sm text-balance text-muted">{item.text}</p>
    case 'bubble':
      return <BubbleRow bubble={item.bubble} isStop={isStop} />
  }
}

function BubbleRow({ bubble, isStop }: { readonly bubble: Bubble; readonly isStop: boolean }): ReactNode {
  const { own, author, text, time, mark, continues } = bubble
  return (
    <div className={classes('group flex gap-1', own && 'flex-row-reverse', continues ? 'pt-0.5' : 'pt-2')}>
      <div
        className={classes(
          'max-w-[82%] min-w-0 rounded-2xl px-3 py-2 text-[15px] leading-snug lg:max-w-[70%]',
          own ? 'rounded-br-md bg-accent text-white' : 'rounded-bl-md bg-fill',
        )}
      >
        {bubble.isNamed && (
          <p aria-hidden="true" className="truncate text-xs font-semibold text-accent-ink">
            {author}
          </p>
        )}
        <span className="sr-only">{author}: </span>
        <p dir="auto" className="break-words whitespace-pre-wrap">
          {linkedText(text).map(({ text: part, href }, index) =>
            href === undefined ? part : <Link key={index} href={href} text={part} />,
          )}
        </p>
        <p
          className={classes(
            'mt-0.5 flex items-center justify-end gap-1 text-[11px]',
            own ? 'text-teal-50' : 'text-muted',
          )}
        >
          {time}
          {mark?.count && <span aria-hidden="true">· {mark.count}</span>}
          {mark && <Tick state={mark.state} words={mark.words} readClass="bg-white text-teal-800" />}
        </p>
      </div>
      <CopyButton text={text} isStop={isStop} />
    </div>
  )
}

/** Opens beside the page; the other side learns nothing of where the click came from. Nothing around it turns its letters around. */
function Link({ href, text }: { readonly href: string; readonly text: string }): ReactNode {
  return (
    <a
      href={href}
      dir="ltr"
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="underline underline-offset-2"
    >
      {text}
    </a>
  )
}
