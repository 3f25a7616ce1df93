import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { strings } from '../../strings.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Pane } from '../../ui/pane.tsx'
import { PeoplePicker } from '../../ui/people-picker.tsx'
import type { Person } from '../../ui/people-picker.tsx'
import { Problem } from '../../ui/problem.tsx'
import { usePicked } from '../../ui/use-picked.ts'
import { titleProblem } from './title-rule.ts'

export interface NewGroupProps {
  readonly snapshot: {
    readonly people: readonly Person[]
    readonly busy: boolean
    readonly problem: string | undefined
  }
  readonly actions: { create(title: string, accounts: readonly string[]): void; back(): void }
}

export function NewGroupView({ snapshot, actions }: NewGroupProps): ReactNode {
  const [title, setTitle] = useState('')
  const [mistake, setMistake] = useState<string>()
  const { picked, pick } = usePicked()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = titleProblem(title)
    setMistake(found)
    if (!found) actions.create(title.trim(), [...picked])
  }
  return (
    <Pane title={strings.group.newTitle} onBack={actions.back}>
      <p className="text-[15px] leading-relaxed text-muted">{strings.group.newLead}</p>
      {snapshot.problem && <Problem text={snapshot.problem} />}
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Field
          label={strings.group.title}
          problem={mistake}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          autoComplete="off"
          autoFocus
        />
        {snapshot.people.length > 0 ? (
          <PeoplePicker label={strings.group.whom} people={snapshot.people} picked={picked} pick={pick} />
        ) : (
          <p className="text-sm text-muted">{strings.group.nobody}</p>
        )}
        <Button type="submit" look="primary" busy={snapshot.busy}>
          {strings.group.create}
        </Button>
      </form>
    </Pane>
  )
}
