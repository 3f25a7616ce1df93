import X from 'lucide-react/icons/x'
import { Dialog as Radix } from 'radix-ui'
import { createContext, useState } from 'react'
import type { Context, KeyboardEvent, ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { uiStrings } from './ui-strings.ts'

export interface DialogProps {
  readonly title: string
  onClose(): void
  readonly children: ReactNode
}

/** Whether this stands in a dialog: what opens over it has a dialog behind it. */
export const InDialog: Context<boolean> = createContext(false)

/**
 * A modal window, open for as long as it is rendered; on a phone it rises from the bottom. The shade is our own element: Radix's Overlay would add a
 * `<style>` element, which the page's content security policy refuses.
 */
export function Dialog({ title, onClose, children }: DialogProps): ReactNode {
  const [opener] = useState(() => document.activeElement)
  const giveFocusBack = (event: Event) => {
    event.preventDefault()
    if (opener instanceof HTMLElement) opener.focus()
  }
  // Radix hears Escape only from its next rendering on. A page that is busy then would not close for whoever presses it at once, and the key
  // would dismiss a notice instead.
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented) onClose()
  }
  return (
    <Radix.Root open onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <div className="fixed inset-0 z-10 bg-slate-950/50" />
        <div className="pointer-events-none fixed inset-0 z-20 flex items-end justify-center sm:items-center sm:p-4">
          <Radix.Content
            aria-describedby={undefined}
            onCloseAutoFocus={giveFocusBack}
            onKeyDown={closeOnEscape}
            className="appear pointer-events-auto flex max-h-[92dvh] w-full max-w-md flex-col overflow-hidden rounded-t-2xl bg-raised pb-[env(safe-area-inset-bottom)] sm:rounded-2xl"
          >
            <header className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-5">
              <Radix.Title className="flex-1 text-base font-semibold">{title}</Radix.Title>
              <Radix.Close asChild>
                <IconButton label={uiStrings.close}>
                  <X size={20} aria-hidden="true" />
                </IconButton>
              </Radix.Close>
            </header>
            <div className="overflow-y-auto p-5">
              <InDialog value={true}>{children}</InDialog>
            </div>
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  )
}
