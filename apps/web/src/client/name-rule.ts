import { clientStrings } from './client-strings.ts'

/** The sentence about what is wrong with a person's name, or nothing. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return clientStrings.nameMissing
  return lengthProblem(name)
}

/** Names of people and titles of groups have at most 64 code points. */
export function lengthProblem(name: string): string | undefined {
  return [...name.trim()].length > 64 ? clientStrings.nameTooLong : undefined
}
