import type { ReactNode } from 'react'
import { strings } from '../../strings.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

export interface LinkedProps {
  /** Of the account whose device this has become. */
  readonly name: string
  close(): void
}

/** Says whose device this is now, over the page that has just opened. */
export function LinkedView({ name, close }: LinkedProps): ReactNode {
  return (
    <Dialog title={strings.linking.doneTitle} onClose={close}>
      <div className="flex flex-col gap-4">
        <p className="text-[15px] font-medium break-words">{strings.linking.done(name)}</p>
        <p className="text-[15px] leading-relaxed text-pretty text-muted">{strings.linking.doneText}</p>
        <Button look="primary" onClick={close}>
          {strings.linking.open}
        </Button>
      </div>
    </Dialog>
  )
}
