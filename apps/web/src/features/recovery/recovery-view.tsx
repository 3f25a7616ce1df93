import KeyRound from 'lucide-react/icons/key-round'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { recoveryStrings } from './recovery-strings.ts'

export interface RecoveryProps {
  /** The 24 words of the account. */
  readonly snapshot: { readonly words: readonly string[] }
  readonly actions: {
    /** They stand on paper: they are forgotten here. */
    done(): void
    close(): void
  }
}

/** The one time that the recovery words can be seen: while the page that made them is open. */
export function RecoveryView({ snapshot, actions }: RecoveryProps): ReactNode {
  return (
    <Dialog title={recoveryStrings.title} onClose={actions.close}>
      <div className="flex flex-col gap-4">
        <p className="text-[15px] leading-relaxed text-muted">{recoveryStrings.lead}</p>
        <ol
          aria-label={recoveryStrings.words}
          className="grid list-inside list-decimal grid-flow-col grid-rows-12 gap-x-6 gap-y-1 rounded-xl bg-fill p-4 text-[15px] tabular-nums select-text marker:text-muted"
        >
          {snapshot.words.map((word, index) => (
            <li key={index}>{word}</li>
          ))}
        </ol>
        <p className="rounded-xl bg-warn-soft p-3 text-sm text-warn-ink">{recoveryStrings.once}</p>
        <Button look="primary" onClick={actions.done}>
          {recoveryStrings.done}
        </Button>
      </div>
    </Dialog>
  )
}

/** Reminds of the words until they are written down; stands above the connection chip. */
export function RecoveryStrip({ show }: { show(): void }): ReactNode {
  return (
    <div className="mx-3 flex items-center gap-2 rounded-xl bg-warn-soft py-2 pr-2 pl-3 text-sm text-warn-ink">
      <KeyRound size={16} aria-hidden="true" className="shrink-0" />
      <p className="min-w-0 flex-1">{recoveryStrings.strip}</p>
      <Button onClick={show} className="shrink-0 px-3! text-sm!">
        {recoveryStrings.show}
      </Button>
    </div>
  )
}
