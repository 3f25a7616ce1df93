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
  const [isMistaken, setIsMistaken] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = titleProblem(typed)
    setIsMistaken(found !== undefined)
    if (!found && typed.trim() !== title) rename(typed.trim())
  }
  // Once it was told, it is said for as long as it is so.
  const mistake = isMistaken ? titleProblem(typed) : undefined
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
