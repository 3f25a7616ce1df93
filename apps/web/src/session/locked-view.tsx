import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { strings } from '../strings.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Page } from '../ui/page.tsx'
import type { Asking } from './gate.ts'

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
    setMistake(passphrase === '' ? strings.session.passphraseMissing : undefined)
    if (passphrase !== '') actions.unlock(passphrase)
  }
  return (
    <Page title={strings.session.lockedTitle} lead={strings.session.lockedLead}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label={strings.session.passphrase}
          problem={mistake ?? snapshot.problem}
          type="password"
          autoComplete="current-password"
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          autoFocus
        />
        <Button type="submit" look="primary" busy={snapshot.busy}>
          {snapshot.busy ? strings.session.unlocking : strings.session.unlock}
        </Button>
      </form>
    </Page>
  )
}
