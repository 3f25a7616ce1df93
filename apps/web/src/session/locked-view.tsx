import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { settingsStrings } from '../features/settings/settings-strings.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Page } from '../ui/page.tsx'
import type { Asking } from './gate.ts'
import { sessionStrings } from './session-strings.ts'

export interface LockedProps {
  readonly snapshot: Asking
  readonly actions: { unlock(passphrase: string): void }
}

/** Before anything can be read: the passphrase. */
export function LockedView({ snapshot, actions }: LockedProps): ReactNode {
  const [passphrase, setPassphrase] = useState('')
  const [mistake, setMistake] = useState<string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setMistake(passphrase === '' ? sessionStrings.passphraseMissing : undefined)
    if (passphrase !== '') actions.unlock(passphrase)
  }
  return (
    <Page title={sessionStrings.lockedTitle} lead={sessionStrings.lockedLead}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label={settingsStrings.passphrase}
          problem={mistake ?? snapshot.problem}
          type="password"
          autoComplete="current-password"
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          autoFocus
        />
        <Button type="submit" look="primary" busy={snapshot.busy}>
          {snapshot.busy ? sessionStrings.unlocking : sessionStrings.unlock}
        </Button>
      </form>
    </Page>
  )
}
