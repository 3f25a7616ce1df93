import Lock from 'lucide-react/icons/lock'
import LockOpen from 'lucide-react/icons/lock-open'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/section.tsx'
import { PassphraseForm } from './passphrase-form.tsx'
import { settingsStrings } from './settings-strings.ts'
import type { SettingsProps } from './settings-view.tsx'

export type PassphraseChange = 'set' | 'change' | 'remove'

/** Set, change and take away the passphrase that locks this browser's messages. */
export function PassphrasePart({ snapshot, actions }: SettingsProps): ReactNode {
  const { isSet, busy, problem } = snapshot.passphrase
  const [change, setChange] = useState<PassphraseChange>()
  const begin = (next: PassphraseChange) => {
    actions.forgetPassphraseProblem()
    setChange(next)
  }
  const save = async (next: string | undefined, old: string | undefined) => {
    if (await actions.setPassphrase(next, old)) setChange(undefined)
  }
  const Icon = isSet ? Lock : LockOpen
  return (
    <Section heading={settingsStrings.passphrase} text={settingsStrings.passphraseText}>
      <p role="status" className="flex items-center gap-2 rounded-xl bg-fill p-3 text-[15px]">
        <Icon size={18} aria-hidden="true" className="shrink-0 text-muted" />
        {isSet ? settingsStrings.locked : settingsStrings.notLocked}
      </p>
      {change === undefined ? (
        <div className="flex flex-wrap gap-2">
          {isSet ? (
            <>
              <Button onClick={() => begin('change')}>{settingsStrings.changePassphrase}</Button>
              <Button look="danger" onClick={() => begin('remove')}>
                {settingsStrings.removePassphrase}
              </Button>
            </>
          ) : (
            <Button onClick={() => begin('set')}>{settingsStrings.setPassphrase}</Button>
          )}
        </div>
      ) : (
        <PassphraseForm
          change={change}
          busy={busy}
          problem={problem}
          save={(next, old) => void save(next, old)}
          cancel={() => setChange(undefined)}
        />
      )}
    </Section>
  )
}
