import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Pane } from '../../ui/pane.tsx'
import { PeoplePicker } from '../../ui/people-picker.tsx'
import type { Person } from '../../ui/people-picker.tsx'
import { Problem } from '../../ui/problem.tsx'
import { usePicked } from '../../ui/use-picked.ts'
import { groupStrings } from './group-strings.ts'
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
  const [isMistaken, setIsMistaken] = useState(false)
  const { picked, pick } = usePicked()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = titleProblem(title)
    setIsMistaken(found !== undefined)
    if (!found) actions.create(title.trim(), [...picked])
  }
  // Once it was told, it is said for as long as it is so.
  const mistake = isMistaken ? titleProblem(title) : undefined
  return (
    <Pane title={groupStrings.action} onBack={actions.back}>
      <p className="text-[15px] leading-relaxed text-muted">{groupStrings.newLead}</p>
      {snapshot.problem && <Problem text={snapshot.problem} />}
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Field
          label={groupStrings.title}
          problem={mistake}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          autoComplete="off"
          autoFocus
        />
        {snapshot.people.length > 0 ? (
          <PeoplePicker label={groupStrings.whom} people={snapshot.people} picked={picked} pick={pick} />
        ) : (
          <p className="text-sm text-muted">{groupStrings.nobody}</p>
        )}
        <Button type="submit" look="primary" busy={snapshot.busy}>
          {groupStrings.create}
        </Button>
      </form>
    </Pane>
  )
}
