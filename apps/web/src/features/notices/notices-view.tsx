import X from 'lucide-react/icons/x'
import { Toast } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { noticeStrings } from './notice-strings.ts'
import { useGiveFocusBack } from './use-give-focus-back.ts'

export interface Notice {
  readonly id: number
  readonly text: string
  readonly action: string | undefined
  /** Goes only when it is dismissed: nothing else on the page says the same. */
  readonly stays: boolean
}

export interface NoticesProps {
  readonly snapshot: readonly Notice[]
  readonly actions: { act(id: number): void; dismiss(id: number): void }
}

/** How long a notice stands whose matter is also told elsewhere. Milliseconds. */
const STANDS = 10_000

/**
 * Sentences that a person should be told once. They have a place of their own, and take it from what stands beside them: lying over the page,
 * they would hide a heading, a button or the composer at one width or another.
 */
export function NoticesView({ snapshot, actions }: NoticesProps): ReactNode {
  const focus = useGiveFocusBack()
  return (
    <Toast.Provider label={noticeStrings.label} duration={STANDS} swipeDirection="left">
      {snapshot.map(({ id, text, action, stays }) => (
        <Toast.Root
          key={id}
          {...(stays && { duration: Infinity })}
          onOpenChange={(open) => {
            if (open) return
            focus.giveBack()
            actions.dismiss(id)
          }}
          className="appear flex flex-wrap items-center justify-end gap-x-2 rounded-xl border border-line bg-raised py-1 pr-1 pl-3 shadow-sm"
        >
          <Toast.Description className="min-w-36 flex-1 py-1 text-sm [overflow-wrap:anywhere]">
            {text}
          </Toast.Description>
          <span className="flex items-center gap-1">
            {action && (
              <Toast.Action asChild altText={action}>
                <Button
                  look="primary"
                  onClick={(event) => {
                    // Closed here, Radix would keep the focus where nothing is any more.
                    event.preventDefault()
                    focus.letGo()
                    actions.act(id)
                  }}
                >
                  {action}
                </Button>
              </Toast.Action>
            )}
            <Toast.Close asChild>
              <IconButton label={noticeStrings.dismiss}>
                <X size={18} aria-hidden="true" />
              </IconButton>
            </Toast.Close>
          </span>
        </Toast.Root>
      ))}
      <div {...focus.place} className="hidden has-[li]:block">
        <Toast.Viewport
          label={noticeStrings.region}
          className="flex max-h-[40dvh] flex-col gap-2 overflow-y-auto outline-none has-[li]:p-3 md:pt-0!"
        />
      </div>
    </Toast.Provider>
  )
}
