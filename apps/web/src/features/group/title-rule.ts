import { strings } from '../../strings.ts'

/** The sentence about what is wrong with a group's title, or nothing. */
export function titleProblem(title: string): string | undefined {
  if (title.trim() === '') return strings.group.titleMissing
  return [...title.trim()].length > 64 ? strings.group.titleTooLong : undefined
}
