import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { groupStrings } from './group-strings.ts'
import { titleProblem } from './title-rule.ts'

export interface GroupTitleProps {
  readonly title: string
  readonly busy: boolean
  rename(title: string): void
}

export function GroupTitle({ title, busy, rename }: GroupTitleProps): ReactNode {
  const [typed, setTyped] = useState(title)
  const [mistake, setMistake] = useState<string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = titleProblem(typed)
    setMistake(found)
    if (!found && typed.trim() !== title) rename(typed.trim())
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col items-start gap-3">
      <Field
        label={groupStrings.title}
        problem={mistake}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        autoComplete="off"
        className="w-full"
      />
      <Button type="submit" busy={busy} disabled={typed.trim() === title}>
        {groupStrings.rename}
      </Button>
    </form>
  )
}
