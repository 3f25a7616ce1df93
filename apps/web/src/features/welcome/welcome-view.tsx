import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { nameProblem } from '../../client/name-rule.ts'
import { restoreStrings } from '../../restore-strings.ts'
import { strings } from '../../strings.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { RestoreView } from './restore-view.tsx'

export interface WelcomeSnapshot {
  readonly busy: boolean
  readonly problem: string | undefined
}

export interface WelcomeActions {
  start(name: string): void
  /** To a device that has a name already. */
  link(): void
  /** From the recovery words. */
  restore(name: string, phrase: string): void
}

export interface WelcomeProps {
  readonly snapshot: WelcomeSnapshot
  readonly restoring: WelcomeSnapshot
  readonly actions: WelcomeActions
}

/** The first screen: one field, one button. */
export function WelcomeView({ snapshot, restoring, actions }: WelcomeProps): ReactNode {
  const [hasWords, setHasWords] = useState(false)
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = nameProblem(name)
    setProblem(found)
    if (!found) actions.start(name.trim())
  }
  if (hasWords) return <RestoreView snapshot={restoring} restore={actions.restore} back={() => setHasWords(false)} />
  return (
    <Page title={strings.welcome.title} lead={strings.welcome.lead}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label={strings.welcome.name}
          hint={strings.welcome.nameHint}
          problem={problem ?? snapshot.problem}
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="nickname"
          autoFocus
        />
        <Button type="submit" look="primary" busy={snapshot.busy}>
          {strings.welcome.start}
        </Button>
      </form>
      <div className="flex flex-col gap-3 border-t border-line pt-5">
        <p className="text-sm text-muted">{strings.linking.or}</p>
        <Button disabled={snapshot.busy} onClick={actions.link}>
          {strings.linking.action}
        </Button>
        <p className="text-sm text-muted">{restoreStrings.or}</p>
        <Button disabled={snapshot.busy} onClick={() => setHasWords(true)}>
          {restoreStrings.action}
        </Button>
      </div>
    </Page>
  )
}
