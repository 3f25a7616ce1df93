import type { ReactNode } from 'react'
import { Avatar } from './avatar.tsx'

export interface Person {
  readonly account: string
  readonly name: string
}

export interface PeoplePickerProps {
  readonly label: string
  readonly people: readonly Person[]
  readonly picked: ReadonlySet<string>
  pick(account: string, on: boolean): void
}

/** People to choose from, any number of them. */
export function PeoplePicker({ label, people, picked, pick }: PeoplePickerProps): ReactNode {
  return (
    <fieldset className="flex min-w-0 flex-col">
      <legend className="pb-1 text-sm font-medium">{label}</legend>
      {people.map(({ account, name }) => (
        <label key={account} className="flex cursor-pointer items-center gap-3 rounded-xl p-2 hover:bg-hover">
          <input
            type="checkbox"
            checked={picked.has(account)}
            onChange={(event) => pick(account, event.target.checked)}
            className="size-5 shrink-0 accent-accent"
          />
          <Avatar name={name} seed={account} />
          <span className="min-w-0 truncate font-medium">{name}</span>
        </label>
      ))}
    </fieldset>
  )
}
