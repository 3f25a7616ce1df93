import { SottoError } from '@sotto/interface'
import { clientStrings } from './client-strings.ts'

/** What to tell a person about an error: ours carry a sentence, all others are a fault of the program. */
export function sentenceOf(error: unknown): string {
  if (error instanceof SottoError) return error.message
  console.error(error)
  return clientStrings.unexpected
}
