import X from 'lucide-react/icons/x'
import { Toast } from 'radix-ui'
import type { ReactNode } from 'react'
import { strings } from '../../strings.ts'
import { Button, IconButton } from '../../ui/button.tsx'

export interface Notice {
  readonly id: number
  readonly text: string
  readonly action: string | undefined
}

export interface NoticesProps {
  readonly snapshot: readonly Notice[]
  readonly actions: { act(id: number): void; dismiss(id: number): void }
}

/** Sentences that a person should be told once; they go by themselves after ten seconds. */
export function NoticesView({ snapshot, actions }: NoticesProps): ReactNode {
  return (
    <Toast.Provider label={strings.notices.label} duration={10_000} swipeDirection="up">
      {snapshot.map((notice) => (
        <Toast.Root
          key={notice.id}
          onOpenChange={(open) => !open && actions.dismiss(notice.id)}
          className="appear flex items-center gap-2 rounded-xl border border-line bg-raised py-2 pr-2 pl-4 shadow-lg"
        >
          <Toast.Description className="min-w-0 flex-1 text-[15px] break-words">{notice.text}</Toast.Description>
          {notice.action && (
            <Toast.Action asChild altText={notice.action}>
              <Button look="primary" onClick={() => actions.act(notice.id)}>
                {notice.action}
              </Button>
            </Toast.Action>
          )}
          <Toast.Close asChild>
            <IconButton label={strings.notices.dismiss}>
              <X size={18} aria-hidden="true" />
            </IconButton>
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport className="fixed inset-x-0 top-[env(safe-area-inset-top)] z-30 mx-auto flex w-full max-w-md flex-col gap-2 p-3 outline-none" />
    </Toast.Provider>
  )
}
