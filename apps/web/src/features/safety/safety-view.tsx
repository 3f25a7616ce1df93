import ShieldCheck from 'lucide-react/icons/shield-check'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import { QrCode } from '../../ui/qr-code.tsx'
import { uiStrings } from '../../ui/ui-strings.ts'
import { safetyStrings } from './safety-strings.ts'

export interface SafetySnapshot {
  readonly name: string
  /** 60 digits; none while they are worked out. */
  readonly digits: string | undefined
  readonly verified: boolean
  readonly busy: boolean
  readonly problem: string | undefined
}

export interface SafetyActions {
  verify(): void
  close(): void
}

export interface SafetyProps {
  readonly snapshot: SafetySnapshot
  readonly actions: SafetyActions
}

export function SafetyView({ snapshot, actions }: SafetyProps): ReactNode {
  const { name, digits, verified, busy, problem } = snapshot
  return (
    <Dialog title={safetyStrings.title} onClose={actions.close}>
      <div className="flex flex-col gap-4">
        <p className="text-[15px] leading-relaxed text-muted">{safetyStrings.lead(name)}</p>
        {problem && <Problem text={problem} />}
        {!digits && !problem && <p role="status">{uiStrings.working}</p>}
        {digits && (
          <>
            <ol
              aria-label={safetyStrings.digits}
              className="grid grid-cols-4 gap-x-2 gap-y-1 rounded-xl bg-fill p-4 text-center font-mono text-[17px]"
            >
              {groupsOf(digits).map((group, index) => (
                <li key={index}>{group}</li>
              ))}
            </ol>
            <div className="mx-auto w-full max-w-44 rounded-2xl border border-line bg-white p-1">
              <QrCode text={digits} label={safetyStrings.qr} />
            </div>
            {verified ? (
              <p
                role="status"
                className="flex items-center gap-2 rounded-xl bg-accent-soft p-3 text-[15px] font-medium"
              >
                <ShieldCheck size={20} aria-hidden="true" className="shrink-0 text-accent-ink" />
                {safetyStrings.verified}
              </p>
            ) : (
              <Button look="primary" busy={busy} onClick={actions.verify}>
                <ShieldCheck size={18} aria-hidden="true" />
                {safetyStrings.verify}
              </Button>
            )}
          </>
        )}
      </div>
    </Dialog>
  )
}

/** Twelve groups of five digits. */
function groupsOf(digits: string): readonly string[] {
  return digits.match(/\d{5}/g) ?? []
}
