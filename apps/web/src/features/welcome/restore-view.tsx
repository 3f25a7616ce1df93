import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { clientStrings } from '../../client/client-strings.ts'
import { nameProblem } from '../../client/name-rule.ts'
import { Button } from '../../ui/button.tsx'
import { AreaField, Field } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { recoveryStrings } from '../recovery/recovery-strings.ts'
import { restoreStrings } from './restore-strings.ts'

export interface RestoreProps {
  readonly snapshot: { readonly busy: boolean; readonly problem: string | undefined }
  restore(name: string, phrase: string): void
  back(): void
}

/** The first screen for somebody who has nothing left but the words: says what comes back, and how. */
export function RestoreView({ snapshot, restore, back }: RestoreProps): ReactNode {
  const [name, setName] = useState('')
  const [words, setWords] = useState('')
  const [problems, setProblems] = useState<{ name?: string | undefined; words?: string | undefined }>({})
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = { name: nameProblem(name), words: words.trim() === '' ? restoreStrings.wordsMissing : undefined }
    setProblems(found)
    if (found.name === undefined && found.words === undefined) restore(name.trim(), words)
  }
  return (
    <Page title={restoreStrings.title} lead={restoreStrings.lead}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <AreaField
          label={recoveryStrings.title}
          hint={restoreStrings.wordsHint}
          problem={problems.words ?? snapshot.problem}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
        />
        <Field
          label={clientStrings.name}
          problem={problems.name}
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="nickname"
        />
        <Button type="submit" look="primary" busy={snapshot.busy}>
          {restoreStrings.start}
        </Button>
        <Button disabled={snapshot.busy} onClick={back}>
          {restoreStrings.back}
        </Button>
      </form>
    </Page>
  )
}
