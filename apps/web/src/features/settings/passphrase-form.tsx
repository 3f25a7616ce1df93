import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { uiStrings } from '../../ui/ui-strings.ts'
import type { PassphraseChange } from './passphrase-part.tsx'
import { settingsStrings } from './settings-strings.ts'

/** Fewer characters are guessed in no time, however long each guess takes. */
const MIN_CHARACTERS = 8

export interface PassphraseFormProps {
  readonly change: PassphraseChange
  readonly busy: boolean
  readonly problem: string | undefined
  save(next: string | undefined, old: string | undefined): void
  cancel(): void
}

export function PassphraseForm({ change, busy, problem, save, cancel }: PassphraseFormProps): ReactNode {
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [mistake, setMistake] = useState<string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = change === 'remove' ? undefined : mistakeIn(next, again)
    setMistake(found)
    if (!found) save(change === 'remove' ? undefined : next, change === 'set' ? undefined : old)
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      {problem && <Problem text={problem} />}
      {change !== 'set' && (
        <Field
          label={settingsStrings.oldPassphrase}
          type="password"
          autoComplete="current-password"
          value={old}
          onChange={(event) => setOld(event.target.value)}
          autoFocus
        />
      )}
      {change !== 'remove' && (
        <>
          <Field
            label={settingsStrings.newPassphrase}
            hint={settingsStrings.passphraseHint}
            problem={mistake}
            type="password"
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.target.value)}
            autoFocus={change === 'set'}
          />
          <Field
            label={settingsStrings.again}
            type="password"
            autoComplete="new-password"
            value={again}
            onChange={(event) => setAgain(event.target.value)}
          />
          <p className="rounded-xl bg-warn-soft p-3 text-sm text-warn-ink">{settingsStrings.noReset}</p>
        </>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look={change === 'remove' ? 'danger' : 'primary'} busy={busy}>
          {busy ? uiStrings.working : settingsStrings.passphraseActions[change]}
        </Button>
        <Button onClick={cancel}>{uiStrings.cancel}</Button>
      </div>
    </form>
  )
}

function mistakeIn(next: string, again: string): string | undefined {
  if ([...next].length < MIN_CHARACTERS) return settingsStrings.passphraseShort(MIN_CHARACTERS)
  return next === again ? undefined : settingsStrings.passphraseDiffers
}
