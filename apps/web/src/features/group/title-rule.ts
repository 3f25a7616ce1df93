import { lengthProblem } from '../../client/name-rule.ts'
import { groupStrings } from './group-strings.ts'

/** The sentence about what is wrong with a group's title, or nothing. */
export function titleProblem(title: string): string | undefined {
  return title.trim() === '' ? groupStrings.titleMissing : lengthProblem(title)
}
