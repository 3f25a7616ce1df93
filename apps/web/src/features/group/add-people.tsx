import type { FormEvent, ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { PeoplePicker } from '../../ui/people-picker.tsx'
import type { Person } from '../../ui/people-picker.tsx'
import { Section } from '../../ui/section.tsx'
import { usePicked } from '../../ui/use-picked.ts'
import { groupStrings } from './group-strings.ts'

export interface AddPeopleProps {
  readonly people: readonly Person[]
  readonly busy: boolean
  add(accounts: readonly string[]): void
}

export function AddPeople({ people, busy, add }: AddPeopleProps): ReactNode {
  const { picked, pick, clear } = usePicked()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add([...picked])
    clear()
  }
  return (
    <Section heading={groupStrings.addHeading} text={groupStrings.addText}>
      <form onSubmit={submit} className="flex flex-col items-start gap-3">
        <PeoplePicker label={groupStrings.whom} people={people} picked={picked} pick={pick} />
        <Button type="submit" busy={busy} disabled={picked.size === 0}>
          {groupStrings.add}
        </Button>
      </form>
    </Section>
  )
}
