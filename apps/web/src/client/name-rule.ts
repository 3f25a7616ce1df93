import { strings } from '../strings.ts'

/** The sentence about what is wrong with a person's name, or nothing. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return strings.welcome.nameMissing
  return [...name.trim()].length > 64 ? strings.welcome.nameTooLong : undefined
}
