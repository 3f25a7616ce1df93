import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { clientStrings } from '../../client/client-strings.ts'
import { nameProblem } from '../../client/name-rule.ts'
import { linkingStrings } from '../../session/linking-strings.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { RestoreView } from './restore-view.tsx'
import { welcomeStrings } from './welcome-strings.ts'

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
    <Page title={welcomeStrings.title} lead={welcomeStrings.lead}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label={clientStrings.name}
          hint={clientStrings.nameHint}
          problem={problem ?? snapshot.problem}
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="nickname"
          autoFocus
        />
        <Button type="submit" look="primary" busy={snapshot.busy}>
          {welcomeStrings.start}
        </Button>
      </form>
      <div className="flex flex-col gap-3 border-t border-line pt-5">
        <p className="text-sm text-muted">{welcomeStrings.orLink}</p>
        <Button disabled={snapshot.busy} onClick={actions.link}>
          {linkingStrings.title}
        </Button>
        <p className="text-sm text-muted">{welcomeStrings.orRestore}</p>
        <Button disabled={snapshot.busy} onClick={() => setHasWords(true)}>
          {welcomeStrings.restore}
        </Button>
      </div>
    </Page>
  )
}
