import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { welcomeStrings } from './welcome-strings.ts'

export interface LinkedProps {
  /** Of the account whose device this has become. */
  readonly name: string
  close(): void
}

/** Says whose device this is now, over the page that has just opened. */
export function LinkedView({ name, close }: LinkedProps): ReactNode {
  return (
    <Dialog title={welcomeStrings.linkedTitle} onClose={close}>
      <div className="flex flex-col gap-4">
        <p className="text-[15px] font-medium break-words">{welcomeStrings.linked(name)}</p>
        <p className="text-[15px] leading-relaxed text-pretty text-muted">{welcomeStrings.linkedText}</p>
        <Button look="primary" onClick={close}>
          {welcomeStrings.open}
        </Button>
      </div>
    </Dialog>
  )
}
