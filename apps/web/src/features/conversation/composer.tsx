import Send from 'lucide-react/icons/send'
import { useEffect, useRef } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { byteRoom } from './byte-room.ts'
import { conversationStrings } from './conversation-strings.ts'

export interface ComposerSnapshot {
  readonly title: string
  readonly draft: string
  /** Why nothing can be written here, in a sentence. */
  readonly closed: string | undefined
  readonly problem: string | undefined
}

export interface ComposerActions {
  draft(text: string): void
  send(): void
}

export interface ComposerProps {
  readonly snapshot: ComposerSnapshot
  readonly actions: ComposerActions
}

/** Enter sends, Shift+Enter makes a new line; the room is told as soon as it gets narrow. */
export function Composer({ snapshot, actions }: ComposerProps): ReactNode {
  const box = useRef<HTMLTextAreaElement>(null)
  const room = byteRoom(snapshot.draft)
  const canSend = snapshot.draft.trim() !== '' && room.over === undefined

  // Where a keyboard is at hand, an opened conversation is ready to be written in.
  useEffect(() => {
    if (matchMedia('(pointer: fine) and (min-width: 768px)').matches) box.current?.focus()
  }, [])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    if (canSend) actions.send()
  }

  if (snapshot.closed) {
    return (
      <footer className="border-t border-line p-4 pb-[max(1rem,env(safe-area-inset-bottom))] text-center text-sm text-muted">
        {snapshot.closed}
      </footer>
    )
  }
  const warning = room.over ? conversationStrings.tooLong(room.over) : snapshot.problem
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (canSend) actions.send()
        box.current?.focus()
      }}
      className="border-t border-line p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]"
    >
      {warning && (
        <p role="alert" id="composer-warning" className="px-3 pb-2 text-sm text-danger">
          {warning}
        </p>
      )}
      {!warning && room.left && <p className="px-3 pb-2 text-sm text-muted">{conversationStrings.room(room.left)}</p>}
      <div className="flex items-end gap-2">
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          aria-label={conversationStrings.message(snapshot.title)}
          aria-invalid={room.over !== undefined}
          aria-describedby={warning ? 'composer-warning' : undefined}
          placeholder={conversationStrings.placeholder}
          value={snapshot.draft}
          onChange={(event) => actions.draft(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-[min(10rem,40dvh)] min-h-10 min-w-0 flex-1 resize-none rounded-2xl bg-fill px-3 py-2 text-base leading-6 placeholder:text-muted"
        />
        <button
          type="submit"
          aria-label={conversationStrings.send}
          title={conversationStrings.send}
          disabled={!canSend}
          className="grid size-10 shrink-0 place-items-center rounded-full bg-accent text-white transition-colors duration-100 hover:bg-accent-hover disabled:bg-fill disabled:text-muted"
        >
          <Send size={18} aria-hidden="true" />
        </button>
      </div>
    </form>
  )
}
