import { AlertDialog as Radix } from 'radix-ui'
import { useContext } from 'react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { classes } from './classes.ts'
import { InDialog } from './dialog.tsx'
import { uiStrings } from './ui-strings.ts'

export interface ConfirmProps {
  readonly title: string
  readonly text: string
  readonly action: string
  onConfirm(): void
  /** What opens the question. */
  readonly children: ReactNode
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, text, action, onConfirm, children }: ConfirmProps): ReactNode {
  const isOverDialog = useContext(InDialog)
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        {/* A dialog behind is dimmed like everything else; notices stay above the shade where there is none. */}
        <div className={classes('fixed inset-0 bg-slate-950/50', isOverDialog ? 'z-30' : 'z-10')} />
        <div className="pointer-events-none fixed inset-0 z-40 flex items-center justify-center p-4">
          <Radix.Content
            aria-modal
            className="appear pointer-events-auto w-full max-w-sm rounded-2xl border border-line bg-raised p-5"
          >
            <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
            <Radix.Description className="mt-2 text-[15px] text-muted">{text}</Radix.Description>
            <div className="mt-5 flex justify-end gap-2">
              <Radix.Cancel asChild>
                <Button>{uiStrings.cancel}</Button>
              </Radix.Cancel>
              <Radix.Action asChild>
                <Button look="danger" onClick={onConfirm}>
                  {action}
                </Button>
              </Radix.Action>
            </div>
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  )
}
