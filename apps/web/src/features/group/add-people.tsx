import type { FormEvent, ReactNode } from 'react'
import { strings } from '../../strings.ts'
import { Button } from '../../ui/button.tsx'
import { PeoplePicker } from '../../ui/people-picker.tsx'
import type { Person } from '../../ui/people-picker.tsx'
import { Section } from '../../ui/section.tsx'
import { usePicked } from '../../ui/use-picked.ts'

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
    <Section heading={strings.group.addHeading} text={strings.group.addText}>
      <form onSubmit={submit} className="flex flex-col items-start gap-3">
        <PeoplePicker label={strings.group.whom} people={people} picked={picked} pick={pick} />
        <Button type="submit" busy={busy} disabled={picked.size === 0}>
          {strings.group.add}
        </Button>
      </form>
    </Section>
  )
}
