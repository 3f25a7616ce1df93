import { SottoError } from '@sotto/interface'

/** What is said when an intent fails. What nobody expects goes to standard error, and ends nothing else. */
export function failureText(error: unknown): string {
  if (error instanceof SottoError) return error.message
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : 'unknown error'}\n`)
  return 'Something failed inside Sotto; standard error says more.'
}
