import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { clientStrings } from '../../client/client-strings.ts'
import { nameProblem } from '../../client/name-rule.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Section } from '../../ui/section.tsx'
import { settingsStrings } from './settings-strings.ts'
import type { SettingsProps } from './settings-view.tsx'

export function NamePart({ snapshot, actions }: SettingsProps): ReactNode {
  const { name, saved, busy, problem } = snapshot.name
  const [typed, setTyped] = useState(name)
  const [isMistaken, setIsMistaken] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = nameProblem(typed)
    setIsMistaken(found !== undefined)
    if (!found) actions.rename(typed.trim())
  }
  // Once it was told, it is said for as long as it is so.
  const mistake = isMistaken ? nameProblem(typed) : undefined
  return (
    <Section heading={settingsStrings.name}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-3">
        <Field
          label={clientStrings.name}
          hint={clientStrings.nameHint}
          problem={mistake ?? problem}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="nickname"
        />
        <div className="flex items-center gap-3">
          <Button type="submit" busy={busy}>
            {settingsStrings.save}
          </Button>
          <p role="status" className="text-sm text-muted">
            {saved ? settingsStrings.saved : ''}
          </p>
        </div>
      </form>
    </Section>
  )
}
